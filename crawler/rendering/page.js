// What Knipsel asks of a page that is drawn: {what, most} => an answer.
// "size": how many elements it has. "press": scrolls to where threads are, presses at most `most`
// buttons that show more of a thread, and returns how many. "dom": the page as it is drawn, null
// where it is longer than `most` letters.
async ({ what, most }) => {
  const ABOUT = /(?<!\p{L})(reacties?|opmerkingen|antwoorden|commentaar|commentaren|discussie|comments?|replies|responses|discussion|conversation|kommentare|antworten|commentaires|réponses)(?!\p{L})/iu;
  const MORE = /(?<!\p{L})(meer|laad|laden|nog|oudere|eerdere|vorige|volgende|overige|more|load|older|earlier|previous|next|further|mehr|weitere|ältere|plus|autres)(?!\p{L})/iu;
  const SHOW = /(?<!\p{L})(toon|tonen|bekijk|alle|lees|open|show|view|see|read|all|expand|anzeigen|afficher|voir)(?!\p{L})/iu;
  const ONLY_MORE = /^\P{L}*((laad|toon|bekijk|load|show|view|see)\s+(meer|more)|(meer|more)\s+(laden|tonen|bekijken|weergeven))\P{L}*$/iu;
  const ONLY_COUNT = /^\P{L}*(reacties|comments|kommentare|commentaires)\P{L}*$/iu;
  const NEVER = /(?<!\p{L})(plaats|schrijf|geef|stuur|verstuur|reageer|beantwoord|meld|rapporteer|verwijder|inloggen|log\s?in|aanmelden|abonneer|deel|sluit|verberg|minder|post|write|add|leave|submit|report|delete|remove|sign|subscribe|share|close|hide|less|fewer|reply)(?!\p{L})/iu;
  const BUTTONS = "button, a, summary, [role=button], input[type=button], [onclick], [class*=more i], [class*=meer i], [class*=load i], [class*=laad i]";
  const BOXES = ["comment", "reactie", "discuss", "thread", "disqus", "reageer", "conversation"]
    .map((word) => `[id*=${word} i], [class*=${word} i]`).join(", ");
  const LONGEST = 60, STEPS = 40, MOST_BOXES = 8;

  const roots = () => {
    const found = [document];
    for (const root of found) {
      for (const one of root.querySelectorAll("*")) if (one.shadowRoot) found.push(one.shadowRoot);
    }
    return found;
  };
  const all = (selector) => roots().flatMap((root) => [...root.querySelectorAll(selector)]);
  const size = () => all("*").length;
  const frame = () => new Promise((done) => setTimeout(done, 40));

  // The ends of the boxes that are named for comments, of records in a row the last one's.
  const ends = () => {
    const outer = all(BOXES).filter((one) => one.getClientRects().length && !one.parentElement?.closest(BOXES));
    return [...new Map(outer.map((one) => [one.parentElement, one])).values()].slice(0, MOST_BOXES);
  };
  const scroll = async () => {
    const boxes = ends();
    const height = document.documentElement.scrollHeight;
    const seen = window.__knipselSeen;
    window.__knipselSeen = true;
    for (let step = 0; !seen && step < STEPS && step * innerHeight < height; step += 1) {
      scrollTo(0, step * innerHeight);
      await frame();
    }
    for (const box of boxes) {
      box.scrollIntoView({ block: "end" });
      scrollBy(0, innerHeight / 2);
      await frame();
    }
    if (!boxes.length) scrollTo(0, height);
    await frame();
  };

  const leadsAway = (one) => {
    const link = one.closest("a[href]");
    if (!link || !/^https?:$/.test(link.protocol)) return false;
    return link.pathname + link.search !== location.pathname + location.search;
  };
  // How often a button may be pressed: 0, 1, or for as long as each press brings something.
  const times = (one) => {
    const words = (one.innerText || one.value || one.getAttribute("aria-label") || "").trim();
    if (!words || words.length > LONGEST || NEVER.test(words)) return 0;
    if (one.disabled || one.getAttribute("aria-disabled") === "true") return 0;
    if (one.getAttribute("aria-expanded") === "true" || !one.checkVisibility({ visibilityProperty: true })) return 0;
    const isAbout = ABOUT.test(words);
    if ((isAbout && MORE.test(words)) || ONLY_MORE.test(words)) return Infinity;
    return ((isAbout && SHOW.test(words)) || ONLY_COUNT.test(words)) && !leadsAway(one) ? 1 : 0;
  };
  const press = async () => {
    await scroll();
    const pressed = (window.__knipselPressed ??= new WeakMap());
    const now = size();
    const wanted = all(BUTTONS).filter((one) => {
      const allowed = times(one);
      const last = pressed.get(one);
      return allowed && (last === undefined || (allowed > 1 && now > last));
    });
    // Of a button within a button the inner one: the press reaches both.
    const inner = wanted.filter((one) => !wanted.some((other) => other !== one && one.contains(other)));
    for (const one of inner.slice(0, most)) {
      pressed.set(one, now);
      one.click();
    }
    return Math.min(inner.length, most);
  };

  const dom = () => {
    for (const root of roots().slice(1)) root.host.append(...[...root.childNodes].map((one) => one.cloneNode(true)));
    const drawn = document.documentElement.outerHTML;
    return drawn.length > most ? null : `<!DOCTYPE html>\n${drawn}`;
  };

  return what === "size" ? size() : what === "press" ? press() : dom();
}
