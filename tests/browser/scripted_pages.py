"""Pages of our own whose threads a script draws when they are pressed or scrolled, and pages that
mean no good.
"""

import json
import time
from http.server import BaseHTTPRequestHandler

from tests.local_site import LocalSite, Route
from tests.scripted.village_site import article_page

JSON = {"Content-Type": "application/json"}
LOT, COMMENTS = 10, 30
NAMES = "Aaltje Berend Carolien Dirk-Jan Evelien Foppe Geesje Harm Ilse Jelmer".split()

# Adds ten comments to `list` each time it is called; `done` is called after the last.
SCRIPT = """
let at = 0, busy = false;
const add = async (list, done) => {
  if (busy || at >= 30) return;
  busy = true;
  const lot = await ASK;
  for (const one of lot) {
    const record = document.createElement('li');
    record.className = 'reactie';
    record.innerHTML = '<b class="auteur"></b> <time></time><p></p>';
    record.querySelector('b').textContent = one.author;
    record.querySelector('time').textContent = one.date;
    record.querySelector('time').setAttribute('datetime', one.date);
    record.querySelector('p').textContent = one.text;
    list.append(record);
  }
  at += lot.length;
  busy = false;
  if (at >= 30) done();
};
"""
GET = "(await fetch('/reacties.json?vanaf=' + at)).json()"
POST = (
    "(await fetch('/wp-admin/admin-ajax.php', {method: 'POST',"
    " headers: {'Content-Type': 'application/x-www-form-urlencoded'},"
    " body: 'action=meer&vanaf=' + at})).json()"
)


def lot(start: int) -> bytes:
    """Return the comments from *start* on, as the site's script gets them."""
    said = [
        {
            "author": f"{NAMES[number % 10]} {number}",
            "date": f"2025-03-{number % 27 + 1:02} 10:{number:02}",
            "text": f"Ook bij ons in de straat ging het {number + 2} keer over de veerpont.",
        }
        for number in range(start, min(start + LOT, COMMENTS))
    ]
    return json.dumps(said).encode()


def _late(start: int) -> Route:
    def answer(request: BaseHTTPRequestHandler) -> None:
        time.sleep(2.5)
        _send(request, lot(start))

    return answer


def _send(request: BaseHTTPRequestHandler, body: bytes) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def _posted(request: BaseHTTPRequestHandler) -> None:
    start = int(request.posted.rpartition(b"=")[2])  # type: ignore[attr-defined]  # LocalSite's
    _send(request, lot(start))


def _box(button: str, begin: str, ask: str = GET) -> str:
    """Return a box for a thread with *button*; *begin* starts its script."""
    script = SCRIPT.replace("ASK", ask) + begin
    return f"<h2>Wat lezers zeggen</h2><ul id=lijst></ul>{button}<script>{script}</script>"


_PRESSED = """
const button = document.querySelector('#meer'), list = document.querySelector('#lijst');
button.addEventListener('click', (event) => {
  event.preventDefault();
  add(list, () => button.remove());
});
"""
_SEEN = """
const end = document.querySelector('#meer');
const watch = new IntersectionObserver((seen) => {
  if (seen[0].isIntersecting) add(document.querySelector('#lijst'), () => watch.disconnect());
});
watch.observe(end);
const again = () => { watch.unobserve(end); watch.observe(end); };
new MutationObserver(again).observe(document.querySelector('#lijst'), {childList: true});
"""
_OPENED = """
const opener = document.querySelector('#toon');
opener.addEventListener('click', () => {
  const list = document.querySelector('#lijst');
  opener.remove();
  const button = document.createElement('div');
  button.setAttribute('role', 'button');
  button.textContent = 'Load more';
  button.addEventListener('click', () => add(list, () => button.remove()));
  list.after(button);
  add(list, () => {});
});
"""
_SHADOW = """
customElements.define('buurt-praat', class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({mode: 'open'});
    root.innerHTML = '<ul></ul><button>Show more comments</button>';
    const [list, button] = [root.querySelector('ul'), root.querySelector('button')];
    button.addEventListener('click', () => add(list, () => button.remove()));
    add(list, () => {});
  }
});
"""
# Variant -> the box on its page. Each shows the thread only after two presses, or scrolls, or more.
THREADS = {
    "knop": _box("<button id=meer>Meer reacties laden</button>", _PRESSED),
    "link": _box("<a id=meer href='#'>Toon oudere reacties</a>", _PRESSED),
    "scroll": _box("<div id=meer style='height: 40px'></div>", _SEEN),
    "open": _box("<button id=toon>Toon reacties (30)</button>", _OPENED),
    "schaduw": _box("<buurt-praat class='comments'></buurt-praat>", _SHADOW),
    "gepost": _box("<span class=load-more id=meer>Laad meer</span>", _PRESSED, POST),
    "traag": _box(
        "<button id=meer>Laad meer</button>", _PRESSED, GET.replace("?vanaf", "?traag&vanaf")
    ),
}


def threads_site(*names: str) -> LocalSite:
    """Return a site with an article a variant, of *names* if there are any; it is to be entered."""
    routes: dict[str, Route] = {"/robots.txt": (404, {}, b"")}
    for start in range(0, COMMENTS, LOT):
        routes[f"/reacties.json?vanaf={start}"] = (200, JSON, lot(start))
        routes[f"/reacties.json?traag&vanaf={start}"] = _late(start)
    routes["/wp-admin/admin-ajax.php"] = _posted
    return _site(routes, {name: THREADS[name] for name in names or THREADS})


# Page -> what its script does, and the word under which the run counts it.
HOSTILE = {
    "eindeloos": (
        "setInterval(() => { document.querySelector('#reacties').append("
        "document.createElement('p')); fetch('/tik.json'); }, 100)",
        "time",
    ),
    "draait": ("setTimeout(() => { while (true); }, 300)", "busy"),
    "geheugen": (
        "setTimeout(() => { const all = []; while (true) all.push(new Uint8Array(5e7).fill(1)); },"
        " 300)",
        "memory",
    ),
    "objecten": ("setTimeout(() => { const all = []; while (true) all.push({all}); }, 300)", ""),
    "dialoog": ("alert('Hallo'); confirm('Echt?'); prompt('Wie?')", "dialog"),
    "weg": ("location.href = 'http://10.9.8.7/geheim'", "navigation"),
    "intern": ("fetch('/doorgestuurd').catch(() => {})", "private_address"),
    "verboden": ("fetch('/prive/reacties.json').catch(() => {})", "robots"),
    "film": (
        "const film = document.createElement('video'); film.src = '/film.mp4';"
        " document.body.append(film); film.play().catch(() => {})",
        "video",
    ),
    "venster": (
        "document.querySelector('#toon').onclick = () => window.open('about:blank')",
        "popup",
    ),
    "bestand": (
        "const link = document.createElement('a'); link.href = '/bestand.zip';"
        " link.download = 'x'; document.body.append(link); link.click()",
        "download",
    ),
}
LAST = "slot"


def hostile_site(elsewhere: str) -> LocalSite:
    """Return a site of pages that mean no good, and a last one that does; they try to reach
    *elsewhere*, host and port of a server that must not be asked. It is to be entered.
    """
    tries = (
        f"new WebSocket('ws://{elsewhere}/'); navigator.sendBeacon('http://{elsewhere}/baken');"
        f" new EventSource('http://{elsewhere}/stroom'); new Image().src = 'http://{elsewhere}/x';"
        " navigator.serviceWorker && navigator.serviceWorker.register('/werker.js')"
    )
    opener = "<button id=toon>Toon reacties</button><div id=reacties></div>"
    boxes = {
        name: f"{opener}<script>{script}</script>" for name, (script, _word) in HOSTILE.items()
    }
    boxes["buiten"] = f"<script>{tries}</script>"
    boxes[LAST] = "<p>Hier komt niets na.</p>"
    routes: dict[str, Route] = {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /prive/\n"),
        "/doorgestuurd": (302, {"Location": "http://10.9.8.7/geheim"}, b""),
        "/tik.json": (200, JSON, b"{}"),
        "/prive/reacties.json": (200, JSON, lot(0)),
        "/film.mp4": (200, {"Content-Type": "video/mp4"}, b"\0" * 1000),
        "/bestand.zip": (200, {"Content-Type": "application/zip"}, b"PK"),
        "/werker.js": (200, {"Content-Type": "text/javascript"}, b"fetch('/tik.json')"),
    }
    return _site(routes, boxes)


def _site(routes: dict[str, Route], boxes: dict[str, str]) -> LocalSite:
    links = "".join(f'<li><a href="/nieuws/{name}/">Bericht {name}</a></li>' for name in boxes)
    routes["/"] = f"<html lang=nl><title>Blad</title><h1>Blad</h1><ul>{links}</ul></html>"
    for number, (name, box) in enumerate(boxes.items()):
        routes[f"/nieuws/{name}/"] = article_page(number, box)
    return LocalSite(routes)
