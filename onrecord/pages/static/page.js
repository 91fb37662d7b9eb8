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
        if (!answer.ok) return;
        // Made by the server, which escapes all that comes from the record.
        found.innerHTML = await answer.text();
        history.replaceState(null, "", address);
      } catch (error) {
        if (error.name !== "AbortError") throw error;
        return;
      }
      found.removeAttribute("aria-busy");
    };

    const soon = (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(look, event.target.type === "search" ? 250 : 0);
    };

    form.addEventListener("input", soon);
  }
}
