// What htmx leaves silent: an answer that is an error, or none at all, is told to the reader.
(() => {
  const say = (sentence) => {
    const place = document.getElementById("failure");
    place.textContent = sentence;
    place.hidden = !sentence;
  };
  document.addEventListener("htmx:beforeRequest", () => say(""));
  for (const event of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(event, () => say(document.body.dataset.failure));
  }
})();

// Whoever stood in what was renewed stands in what came: on the same thing, where htmx finds it
// again, else at the beginning.
(() => {
  let stood = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const place = event.detail.target;
    stood = place.contains(document.activeElement) ? place.id : "";
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const place = event.detail.elt;
    if (!stood || place.id !== stood) return;
    stood = "";
    if (document.activeElement !== document.body) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  });
})();

// A draft is kept a moment after it is written. Who leaves in that moment must not lose the last
// words: a link waits until they are kept, a window that closes asks first, and the page says
// that it is saved only while all of it is.
(() => {
  const form = document.getElementById("draft");
  if (!form) return;
  let written = 0, sent = 0, kept = 0, leaving = "";
  const unsaved = () => form.isConnected && written !== kept;
  const unsay = () => { document.querySelector("#checks header small").textContent = ""; };
  form.addEventListener("input", () => {
    written += 1;
    unsay();
  });
  // Two versions are shown: nothing goes on its own now, and no answer moves them under the hand.
  const disputed = () => form.querySelector("[name=over]");
  form.addEventListener("htmx:beforeRequest", (event) => {
    const asked = event.detail.requestConfig.triggeringEvent?.type === "submit";
    if (disputed() && !asked) event.preventDefault();
  });
  form.addEventListener("htmx:configRequest", () => { sent = written; });
  form.addEventListener("kept", () => { kept = sent; });
  form.addEventListener("htmx:afterRequest", () => {
    const more = kept === sent && unsaved();
    if (more) unsay();
    if (more || !leaving) return;
    const address = leaving;
    leaving = "";
    location.assign(address);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const aside = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || aside || event.defaultPrevented || !unsaved() || disputed()) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    leaving = link.href;
    htmx.trigger(form, "change");
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });
})();

// What takes long says how far it is while its answer is waited for.
document.addEventListener("submit", (event) => {
  const place = document.getElementById("underway");
  if (place && event.target.matches("[data-long]")) htmx.trigger(place, "working");
});

// Whoever chooses among what was found keeps the row under their hand: what was typed before and
// is answered only now does not renew the list until the choice has been answered.
(() => {
  let choice = null;
  document.addEventListener("submit", (event) => {
    if (event.target.closest("#found")) choice = event.target;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    if (choice && target.id === "found" && requestConfig.elt !== choice) {
      event.detail.shouldSwap = false;
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === choice) choice = null;
  });
})();
