(() => {
  "use strict";
  const form = document.getElementById("filter");
  if (!form) return;
  const count = document.getElementById("count");
  const findings = [...document.querySelectorAll("article.finding")].map((element) => ({
    element,
    codemod: element.dataset.codemod,
    kind: element.dataset.kind,
    path: element.dataset.path.toLowerCase(),
    reason: element.dataset.reason,
  }));
  const number = new Intl.NumberFormat("en");

  const filter = () => {
    const wanted = new FormData(form);
    const kinds = new Set(wanted.getAll("kind"));
    const path = wanted.get("path").trim().toLowerCase();
    const codemod = wanted.get("codemod");
    const reason = wanted.get("reason");
    let shown = 0;
    for (const each of findings) {
      const fits =
        kinds.has(each.kind) &&
        (!codemod || each.codemod === codemod) &&
        (!reason || each.reason === reason) &&
        each.path.includes(path);
      each.element.hidden = !fits;
      shown += fits;
    }
    const all = number.format(findings.length);
    count.value =
      shown === findings.length ? `${all} findings` : `${number.format(shown)} of ${all} findings`;
  };

  const all = () => {
    form.reset();
    filter();
  };

  const fold = (open) => {
    for (const each of findings) {
      if (!each.element.hidden) each.element.firstElementChild.open = open;
    }
  };

  // A link to a finding shows it, whatever is filtered or folded.
  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const element = id && document.getElementById(id);
    if (!element || !element.matches("article.finding")) return;
    if (element.hidden) all();
    element.firstElementChild.open = true;
    element.scrollIntoView();
  };

  let waiting = 0;
  form.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(filter);
  });
  document.getElementById("all").addEventListener("click", all);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("fold").addEventListener("click", () => fold(false));
  document.getElementById("unfold").addEventListener("click", () => fold(true));
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => fold(true));
  form.hidden = false;
  filter();
  reveal();
})();
