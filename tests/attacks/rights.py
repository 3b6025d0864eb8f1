"""Attacks that try to get back rights that the sandbox took: root, mounts, higher limits, memory that outlives the run."""

from attacks.answers import RIGHT

MACHINE = {
    "memory that outlives the run": (RIGHT + "\nimport ctypes, os\nlibc = ctypes.CDLL(None)\nif libc.shmget(77, 1 << 29, 0o1666) >= 0 or libc.msgget(77, 0o1666) >= 0 or libc.semget(77, 4, 0o1666) >= 0:\n    print('loot: IPC')\ntry:\n    os.memfd_create('x')\n    print('loot: memfd')\nexcept OSError:\n    pass\n", {"graded"}),
    "root again": (RIGHT + "\nimport os\nfor f in (os.setuid, os.seteuid, os.setgid):\n    try:\n        f(0)\n        if os.getuid() == 0 and open('/proc/self/status').read().split('CapEff:')[1].split()[0].strip('0'):\n            print('loot: root')\n    except OSError:\n        pass\n", {"graded"}),
    "a mount": (RIGHT + "\nimport ctypes\nlibc = ctypes.CDLL(None)\nfor flags in (0x20000, 0x10000000 | 0x20000):\n    if libc.unshare(flags) == 0:\n        print('loot: unshare')\nif libc.mount(b'tmpfs', b'/usr', b'tmpfs', 0, None) == 0:\n    print('loot: mount')\nif libc.chroot(b'/scratch') == 0:\n    print('loot: chroot')\n", {"graded"}),
    "limits raised": (RIGHT + "\nimport resource\nfor r in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):\n    try:\n        resource.setrlimit(r, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n        print('loot:', r)\n    except (ValueError, OSError):\n        pass\n", {"graded"}),
    "a user namespace": (RIGHT + "\nimport os\nif hasattr(os, 'unshare'):\n    try:\n        os.unshare(os.CLONE_NEWUSER)\n        print('loot: unshare')\n    except OSError:\n        pass\n", {"graded"}),
    "device files": (RIGHT + "\nimport os\ntry:\n    os.mknod('/scratch/disk', 0o60666, os.makedev(8, 0))\n    print('loot: mknod')\nexcept OSError:\n    pass\n", {"graded"}),
    "another user's name": (RIGHT + "\nimport os\nfor uid in range(60100, 60110):\n    if uid != os.getuid():\n        try:\n            os.setuid(uid)\n            print('loot:', uid)\n        except OSError:\n            pass\n", {"graded"}),
}  # fmt: skip
