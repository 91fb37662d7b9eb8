// What scripts add to pages that work without them: what is found is shown while somebody types.
"use strict";

{
  const form = document.getElementById("asked");
  const found = document.getElementById("found");
  if (form && found) {
    let waiting = 0;
    let under = null;

    const look = async () => {
      const asked = new URLSearchParams(new FormData(form));
      for (const [name, value] of [...asked]) if (value === "") asked.delete(name, value);
      const address = `${form.getAttribute("action")}?${asked}`;
      under?.abort();
      under = new AbortController();
      found.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(`${address}&part=found`, { signal: under.signal });
        if (!answer.ok) {
          tell("That cannot be answered now: press Search to see why.");
          return;
        }
        // Made by the server, which escapes all that comes from the record.
        found.innerHTML = await answer.text();
        history.replaceState(null, "", address);
      } catch (error) {
        // What was asked before has been overtaken; the next answer is on its way.
        if (error.name === "AbortError") return;
        tell("The server does not answer: is it still running?");
        return;
      }
      found.removeAttribute("aria-busy");
    };

    const tell = (words) => {
      const told = document.createElement("p");
      told.setAttribute("role", "status");
      told.textContent = words;
      found.replaceChildren(told);
      found.removeAttribute("aria-busy");
    };

    const soon = (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(look, event.target.type === "search" ? 250 : 0);
    };

    form.addEventListener("input", soon);
  }
}
