"""Takes the picture of a report that README.md shows.

python -m tests.reporting.picture reports/out/latest docs/images/report.png
"""

import sys
import tempfile
import threading
from pathlib import Path

from plugfest.reporting.server import report_server
from tests.reporting.chromium import open_page


def take(run: Path, target: Path) -> None:
    """Open the run's report as a person would and keep what the window shows."""
    server = report_server(run / "html")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile, open_page(Path(profile)) as page:
        page.open(f"http://127.0.0.1:{server.server_address[1]}/index.html")
        page.wait_for_text("RoCEv2")
        page.screenshot(target)
    server.shutdown()


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]))
