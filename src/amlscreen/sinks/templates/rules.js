"use strict";
(() => {
  const rules = [...document.querySelectorAll("article")];
  const search = document.getElementById("search");
  const choices = ["family", "typology", "severity", "shape"].map((name) => document.getElementById(name));
  const needs = document.getElementById("needs");
  const shown = document.getElementById("shown");
  document.querySelector(".controls").hidden = false;

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const rule of rules) {
      const fits = choices.every((choice) => !choice.value || rule.dataset[choice.id] === choice.value)
        && (!needs.value || rule.dataset.needs.split(" ").includes(needs.value))
        && words.every((word) => rule.dataset.text.includes(word));
      rule.hidden = !fits;
      count += fits ? 1 : 0;
    }
    document.getElementById("none").hidden = count > 0;
    shown.textContent = `${count} of ${rules.length} shown`;
  };
  for (const control of [search, needs, ...choices]) control.addEventListener("input", filter);
  filter();

  const goTo = () => {
    const rule = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!rule || rule.tagName !== "ARTICLE") return;
    rule.hidden = false;
    rule.querySelector("details").open = true;
    rule.scrollIntoView();
  };
  addEventListener("hashchange", goTo);
  goTo();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of closed) part.open = false; });
})();
