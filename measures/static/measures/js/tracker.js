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
