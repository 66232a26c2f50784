"""Run the notebooks and store their outputs: `make notebooks`.

What is stored is what a reader without a kernel needs, the picture and the sentence of every view, and the
same bytes on every run: no widget references, no times, no names of this machine's kernel.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
WIDGET = "application/vnd.jupyter.widget-view+json"


def executed(notebook: NotebookNode) -> NotebookNode:
    """The notebook after a run in a fresh kernel, cleaned of all that differs from run to run.

    Raises nbclient's CellExecutionError when a cell fails.
    """
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    return cleaned(client.execute())


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """The notebook with nothing in it that a second run would change."""
    notebook.metadata = NotebookNode(kernelspec=KERNEL, language_info={"name": "python"})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def read(path: Path) -> NotebookNode:
    """The notebook in this file."""
    return nbformat.read(path, as_version=4)


def main() -> None:
    """Store the outputs of all notebooks, or of those that are named."""
    named = [Path(name) for name in sys.argv[1:]]
    for path in named or sorted(NOTEBOOKS.glob("*.ipynb")):
        print(f"running {path.name}", flush=True)
        nbformat.write(executed(read(path)), path)


if __name__ == "__main__":
    main()
