"""Shows the page of a student's own model inside a notebook."""

import os
from pathlib import Path


def show(model, tokenizer, label="yours", out="ask.html", max_length=100, height=720):
    """Write the page of BM25, the untrained encoder and `model`, and return a frame that shows it below the notebook cell.

    model       a DualEncoder of stage 01 over the toy encoder, trained or not; or {label: model} for several columns
    tokenizer   the encoder's tokenizer
    label       name of the model's column, if `model` is not a dict
    out         name of the file; it is written to the folder DPR_REPORT if that is set, otherwise to the notebook's folder
    max_length  maximum number of tokens of a question
    height      height of the frame, in pixels

    If the page cannot run the model's encoder (with DPR_TRACK=distilbert, for example), print the reason and return None.
    """
    from IPython.display import IFrame

    from dpr_course.page.columns import bm25_column, dense_column
    from dpr_course.page.export import UNTRAINED, write
    from dpr_course.page.models import PageError, from_notebook, load
    from dpr_course.track import get_track

    _, samples, passages = get_track().load_data()  # uses DPR_DATA if it is set
    models = model if isinstance(model, dict) else {label: model}
    try:
        retrievers = {name: from_notebook(m, tokenizer, max_length) for name, m in models.items()}
    except PageError as e:
        print(f"No page: {e}")
        return None
    columns = [bm25_column(), dense_column("untrained", load("untrained"), passages, samples, UNTRAINED)]
    columns += [dense_column(name, retriever, passages, samples) for name, retriever in retrievers.items()]
    out = Path(os.environ.get("DPR_REPORT") or ".") / out
    size = write(columns, passages, samples, out)
    print(f"{out.name}: {size / 1e6:.1f} MB, one file that needs no network. Open it in a browser, or use it here.")
    if "COLAB_RELEASE_TAG" in os.environ:  # a frame in Colab cannot load a local file, so the HTML itself is put into the frame
        import html

        from IPython.display import HTML

        text = html.escape(out.read_text(encoding="utf-8"))
        return HTML(f'<iframe title="Ask the retrievers" srcdoc="{text}" width="100%" height="{height}" style="border:0"></iframe>')
    return IFrame(out.name, width="100%", height=height, extras=['title="Ask the retrievers"'])
