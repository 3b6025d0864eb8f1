"""(map follows)"""
