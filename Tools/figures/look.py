#!/usr/bin/env python3
"""Opens a page in headless Chromium without a network and looks at it.

    look.py PAGE.html FOLDER

Fails when the page asks for anything outside itself, writes to the console, or shows texts of a plot that overlap or are cut off,
at three widths. Leaves screenshots in FOLDER: light, dark, gray, and as seen with deuteranopia, protanopia; and of each figure.
Only Python's own library is used; the browser is driven over its debugging pipe.
"""
import base64, json, os, shutil, subprocess, sys, tempfile, time, xml.dom.minidom

page, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if not browser:
    sys.exit("figures-check: Chromium is missing: install it (Debian: apt-get install chromium), or set CHROMIUM to its path.")
os.makedirs(folder, exist_ok=True)

# Texts of one plot that cover each other, or reach out of it. Rectangles are a little smaller than what is drawn: a pixel is no harm.
FIND_FAULTS = """
(() => {
  const faults = [];
  for (const plot of document.querySelectorAll(".plot")) {
    const figure = plot.closest("figure").dataset.name;
    if (!plot.querySelector(".main-svg")) { faults.push(figure + ": not drawn"); continue; }
    const frame = plot.getBoundingClientRect(), texts = [];
    for (const node of plot.querySelectorAll(".main-svg text")) {
      if (!node.textContent.trim() || node.closest(".hoverlayer")) continue;
      const box = node.getBoundingClientRect();
      if (box.width < 1 || getComputedStyle(node).opacity === "0") continue;
      // The box around a slanted text is larger than the text; four points along its middle line stand for it.
      const parent = node.getAttribute("transform") || "", slanted = /rotate\\((?!0[,)])/.test(parent) && !/rotate\\(-?90/.test(parent);
      const matrix = node.getScreenCTM(), own = node.getBBox();
      const corner = (x, y) => { const p = new DOMPoint(x, y).matrixTransform(matrix); return [p.x, p.y]; };
      const corners = [corner(own.x + 1, own.y + 2), corner(own.x + own.width - 1, own.y + 2),
        corner(own.x + own.width - 1, own.y + own.height - 2), corner(own.x + 1, own.y + own.height - 2)];
      texts.push({ words: node.textContent, box, corners });
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        faults.push(figure + ": cut off: " + node.textContent);
    }
    // Two convex shapes are apart if some edge of one has the other wholly on its outer side.
    const apart = (a, b) => a.some((p, i) => {
      const q = a[(i + 1) % 4], nx = q[1] - p[1], ny = p[0] - q[0];
      const side = (shape) => shape.map((c) => (c[0] - p[0]) * nx + (c[1] - p[1]) * ny);
      return Math.min(...side(b)) >= Math.max(...side(a)) || Math.max(...side(b)) <= Math.min(...side(a));
    });
    for (let i = 0; i < texts.length; i++) for (let j = 0; j < i; j++) {
      if (!apart(texts[i].corners, texts[j].corners) && !apart(texts[j].corners, texts[i].corners))
        faults.push(figure + ": overlap: " + texts[j].words + " | " + texts[i].words);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) faults.push("the page is wider than the window: " + document.documentElement.scrollWidth);
  return faults;
})()
"""


class Browser:
    def __init__(self, profile):
        to_read, self.write_end = os.pipe()
        self.read_end, to_write = os.pipe()

        def plumb():  # The browser reads from 3 and writes to 4.
            a, b = os.dup(to_read), os.dup(to_write)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--hide-scrollbars",
             "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--no-first-run", "--disable-dev-shm-usage"],
            preexec_fn=plumb, close_fds=False, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer, self.number, self.events, self.session = b"", 0, [], None

    def receive(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.read_end, 1 << 20)
            if not piece:
                sys.exit("figures-check: the browser ended unexpectedly.")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"figures-check: {method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def evaluate(self, code, wait=False):
        result = self.call("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=wait)
        if "exceptionDetails" in result:
            sys.exit(f"figures-check: {result['exceptionDetails']}")
        return result["result"].get("value")


def settle(chrome):
    """Until the page is there, every figure has been scrolled to and drawn, and nothing moves any more."""
    deadline, last = time.time() + 120, None
    while time.time() < deadline:
        if chrome.evaluate("document.readyState") == "complete":
            chrome.evaluate("(() => { for (const p of document.querySelectorAll('.plot')) if (!p.querySelector('.main-svg')) { p.scrollIntoView(); break; } })()")
            # A plot follows the width of its place a little later than the page.
            now = chrome.evaluate("""[[...document.querySelectorAll('.plot')].filter(p => {
              const drawn = p.querySelector('.main-svg');
              return !drawn || Math.abs(drawn.getBoundingClientRect().width - p.clientWidth) > 1; }).length, document.body.scrollHeight]""")
            if now == last and now[0] == 0:
                return
            last = now
        time.sleep(0.15)
    sys.exit("figures-check: the figures were not drawn within 2 minutes.")


profile = tempfile.mkdtemp(prefix="figures-check-")
chrome = Browser(profile)
try:
    target = chrome.call("Target.createTarget", url="about:blank")["targetId"]
    chrome.session = chrome.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Network", "Log"):
        chrome.call(domain + ".enable")
    chrome.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)

    def view(width, height, dark=False):
        chrome.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        chrome.call("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def shot(name, selector=None, box=None):
        clip = {"clip": box} if box else {}
        if box:
            chrome.evaluate("scrollTo(0, 0)")
        if selector:
            chrome.evaluate(f"document.querySelector({json.dumps(selector)}).scrollIntoView()")
            box = chrome.evaluate(f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
                                  " return {x: b.left + scrollX, y: b.top + scrollY, width: b.width, height: b.height, scale: 1}; })()")
            clip = {"clip": box}
        data = chrome.call("Page.captureScreenshot", format="png", **clip)["data"]
        with open(os.path.join(folder, name + ".png"), "wb") as file:
            file.write(base64.b64decode(data))

    faults = []
    view(1280, 900)
    chrome.call("Page.navigate", url="file://" + page)
    time.sleep(1)
    names = None
    for width in (1280, 800, 400):
        view(width, 2400)
        settle(chrome)
        faults += [f"at {width} pixels: {fault}" for fault in chrome.evaluate(FIND_FAULTS)]
        if width == 1280:
            names = chrome.evaluate("[...document.querySelectorAll('figure')].map(f => f.id)")
            shot("page", box={"x": 0, "y": 0, "width": 1280, "height": 1500, "scale": 1})
        for name in names:
            if width != 800:
                shot(f"{name}-{width}", "#" + name)
    view(1280, 2400)
    settle(chrome)
    for deficiency in ("achromatopsia", "deuteranopia", "protanopia"):
        chrome.call("Emulation.setEmulatedVisionDeficiency", type=deficiency)
        for name in names:
            shot(f"{name}-{deficiency}", "#" + name)
    chrome.call("Emulation.setEmulatedVisionDeficiency", type="none")
    view(1280, 2400, dark=True)
    settle(chrome)
    time.sleep(1)
    for name in names:
        shot(f"{name}-dark", "#" + name)
    shot("page-dark", box={"x": 0, "y": 0, "width": 1280, "height": 1500, "scale": 1})

    # What the export buttons save. The page may not fetch anything, its own blobs included, so they are kept as they are made.
    chrome.call("Page.addScriptToEvaluateOnNewDocument", source="""
      window.blobs = {}; window.saved = [];
      const make = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob) => { const url = make(blob); window.blobs[url] = blob; return url; };
      HTMLAnchorElement.prototype.click = function () { window.saved.push([this.download, this.href]); };
    """)
    view(1280, 2400)
    chrome.call("Page.reload")
    time.sleep(1)
    settle(chrome)
    wanted = chrome.evaluate("(() => { const all = document.querySelectorAll('[data-export]'); all.forEach(b => b.click()); return all.length; })()")
    for _ in range(100):
        if chrome.evaluate("window.saved.length") == wanted:
            break
        time.sleep(0.3)
    saved = chrome.evaluate("""Promise.all(window.saved.map(async ([name, url]) => {
      const bytes = new Uint8Array(await window.blobs[url].arrayBuffer());
      let text = "";
      for (const byte of bytes) text += String.fromCharCode(byte);
      return [name, btoa(text)];
    }))""", wait=True)
    if len(saved) != wanted:
        faults.append(f"{wanted} export buttons saved {len(saved)} files")
    for name, content in saved:
        bytes_ = base64.b64decode(content)
        with open(os.path.join(folder, "export-" + name), "wb") as file:
            file.write(bytes_)
        if name.endswith(".svg"):
            try:
                xml.dom.minidom.parseString(bytes_)
            except Exception as error:
                faults.append(f"{name} is not well-formed: {error}")
        elif not bytes_.startswith(b"\x89PNG") or len(bytes_) < 5000:
            faults.append(f"{name} is not a picture")

    # The theme button and the legend's buttons do what they say.
    before = chrome.evaluate("getComputedStyle(document.body).backgroundColor")
    chrome.evaluate("document.getElementById('theme').click()")
    if chrome.evaluate("getComputedStyle(document.body).backgroundColor") == before:
        faults.append("the theme button changes nothing")
    chrome.evaluate("document.querySelector('.legend button').click()")
    hidden = chrome.evaluate("document.querySelector('.legend button').closest('figure').querySelector('.plot').data.filter(t => t.visible === false).length")
    if not hidden:
        faults.append("a legend's button hides nothing")
    chrome.evaluate("document.querySelector('.legend button').click()")

    printed = chrome.call("Page.printToPDF", printBackground=True)["data"]
    with open(os.path.join(folder, "page.pdf"), "wb") as file:
        file.write(base64.b64decode(printed))

    for event in chrome.events:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent" and parameters["request"]["url"].split(":")[0] not in ("file", "data", "blob", "about"):
            faults.append("a request: " + parameters["request"]["url"])
        if method == "Runtime.consoleAPICalled" or method == "Runtime.exceptionThrown" or method == "Log.entryAdded":
            faults.append("console: " + json.dumps(parameters)[:400])
finally:
    chrome.process.kill()
    chrome.process.wait()
    shutil.rmtree(profile, ignore_errors=True)

faults = list(dict.fromkeys(faults))
for fault in faults:
    print(fault)
print(f"{len(names)} figures looked at, {len(faults)} faults; screenshots in {folder}")
sys.exit(1 if faults else 0)
