"""Server of the page, for browsers on this machine."""

from __future__ import annotations

import errno
import os
import socket
import threading
import warnings
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.explorer.pool import WorkerPool
from sim.explorer.settings import Setting, setting_of
from sim.paths import needs_extra

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from sim.domain.scenario import Scenario

__all__ = ["listen", "serve"]

_QUIET = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_TELEMETRY_SERVER_USER_ID": "nobody",
    "SOLARA_MODE": "production",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2h",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_ASSETS_CDN": "nowhere:",
    "SOLARA_STATE_BACKEND": "",
    "SOLARA_ROOT_PATH": "",
}
"""What the page library is told before it is loaded: report to nobody, fetch from nowhere."""
_GRACE = 2
"""Seconds that open connections are given when the server stops."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, before anything slow is done.

    Parameters
    ----------
    host : str
        An address of this machine, or a name of it.
    port : int
        0 for any that is free.

    Raises
    ------
    UsageError
        If that address is not to be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except PermissionError:
        raise UsageError(f"port={port}: expected one you may use, such as port=8765") from None
    except OSError as error:
        raise UsageError(_why_not(host, port, error)) from None


def serve(
    scenario: Scenario,
    listening: socket.socket,
    workers: int | None,
    open_at: Callable[[str], None],
) -> None:
    """Serve the page until the process is told to stop; then end all processes.

    Parameters
    ----------
    scenario : Scenario
        What new pages start with.
    listening : socket
        Of `listen`.
    workers : int, optional
        Processes that play worlds; absent, one for each processor.
    open_at : callable
        Called with the address of the page when it can be opened.

    Raises
    ------
    UsageError
        If the extra `explore` is not installed.
    """
    host, port = listening.getsockname()[:2]
    setting = setting_of(scenario)
    pool = WorkerPool(workers)
    try:
        app = _application(host, pool, setting)
        pool.warm_up(setting)
        _run(app, listening, lambda: open_at(f"http://{_shown(host)}:{port}/"))
    finally:
        listening.close()
        pool.close()


def open_browser(address: str) -> None:
    """Show a page in the user's browser, if there is one, without waiting for it."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _application(host: str, pool: WorkerPool, setting: Setting) -> ASGIApp:
    """Return the page as an application, with the guard before it."""
    os.environ.update(_QUIET)
    try:
        import solara.server.starlette as served
        from solara.server import app, settings
    except ModuleNotFoundError as error:
        raise _needs_extra() from error
    from sim.explorer.guard import Guard
    from sim.explorer.state import AppState, set_app_state

    assets = Path(settings.assets.proxy_cache_dir)
    if not (assets / "requirejs@2.3.6").is_dir():
        raise _needs_extra()
    settings.main.root_path = ""
    settings.theme.show_banner = False
    settings.theme.title = "four-islands"
    settings.telemetry.mixpanel_enable = False
    app.apps["__default__"] = app.AppScript("sim.explorer.page")
    app_state = AppState(pool, setting.name, setting)
    set_app_state(app_state)
    served.app.router.routes.insert(0, app_state.downloads.route())
    return Guard(served.app, host, [assets])


def _run(app: ASGIApp, listening: socket.socket, ready: Callable[[], None]) -> None:
    import uvicorn

    from sim.explorer.guard import MAX_BYTES

    # It says at length that a cookie of a page without https keeps to its own site: so it should.
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready()

    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        loop="asyncio",
        ws_max_size=MAX_BYTES,
        timeout_graceful_shutdown=_GRACE,
    )
    Server(config).run([listening])


def _needs_extra() -> UsageError:
    return needs_extra("explore", "its extra", "explore")


def _shown(host: str) -> str:
    """Return an address as a browser takes it."""
    if host in ("0.0.0.0", "::"):
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port={port}: expected a free port of {host}, got one that is taken; "
            f"end what uses it, or choose another: port={port + 1}"
        )
    reason = (error.strerror or type(error).__name__).partition(" (while")[0]
    return f"host={host}: expected an address of this machine, such as 127.0.0.1, got {reason}"
