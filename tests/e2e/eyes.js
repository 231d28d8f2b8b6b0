// What a page shows, measured as it stands. Each list is empty where nobody is hindered.
() => {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !element.closest(".sr-only, .skip:not(:focus), [popover]:not(:popover-open)")
    && getComputedStyle(element.closest("thead") ?? element).clipPath === "none";
  const words = (element) => element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
  const name = (element) => `${element.tagName} ${element.id} ${element.className} “${words(element)}”`;
  const hull = (one, other) => ({
    width: Math.max(one.right, other.right) - Math.min(one.left, other.left),
    height: Math.max(one.bottom, other.bottom) - Math.min(one.top, other.top),
  });

  // Links that stand in a line of words, and those in a picture, are left to axe.
  const small = [];
  for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (!seen(each) || getComputedStyle(each).display === "inline") continue;
    const label = ["checkbox", "radio"].includes(each.type) && each.labels[0];
    const own = each.getBoundingClientRect();
    const box = label ? hull(own, label.getBoundingClientRect()) : own;
    if (Math.min(box.width, box.height) < 23.9) small.push(`${box.width}x${box.height} ${name(each)}`);
  }

  const clipped = [], moving = [];
  for (const each of document.querySelectorAll("body *:not(svg, svg *)")) {
    const style = getComputedStyle(each);
    if (style.animationName !== "none" || style.transitionDuration !== "0s") moving.push(name(each));
    const cuts = /hidden|clip/.test(style.overflowX + style.overflowY);
    const more = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
    const typed = each.matches("input, select, textarea");
    if (cuts && more && !typed && seen(each)) clipped.push(name(each));
  }
  if (getComputedStyle(document.documentElement).scrollBehavior !== "auto") moving.push("the page");

  // Each line of words, without the air above and below it.
  const lines = [], faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.closest("svg, script, option, textarea") || !seen(parent)) continue;
    const style = getComputedStyle(parent), size = parseFloat(style.fontSize);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const middle = (box.top + box.bottom) / 2;
      if (box.width > 2) lines.push({ left: box.left, right: box.right, top: middle - size * .35, bottom: middle + size * .35, node, parent });
    }
    const found = contrast(parent, style), bold = parseInt(style.fontWeight) >= 700;
    const least = size >= 24 || (size >= 18.66 && bold) ? 3 : 4.5;
    if (found < least && !parent.closest(":disabled")) faint.push(`${found.toFixed(2)} ${name(parent)}`);
  }
  lines.sort((one, other) => one.top - other.top);
  const overlapping = [];
  lines.forEach((one, at) => {
    for (let next = at + 1; next < lines.length && lines[next].top < one.bottom - 2; next += 1) {
      const other = lines[next];
      const shared = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      if (one.node !== other.node && shared > 2) overlapping.push(`${name(one.parent)} | ${name(other.parent)}`);
    }
  });
  for (const text of document.querySelectorAll("svg text")) {
    const picture = text.ownerSVGElement, box = text.getBoundingClientRect(), frame = picture.getBoundingClientRect();
    const out = box.left < frame.left - .5 || box.right > frame.right + .5;
    if (box.width && out && getComputedStyle(picture).overflow === "hidden") clipped.push(`${text.textContent} of a picture`);
  }
  return { small, clipped, overlapping, faint, moving };

  function contrast(element, style) {
    let behind = element, ground = [0, 0, 0, 0];
    for (; behind && ground[3] < .99; behind = behind.parentElement) {
      ground = over(ground, rgba(getComputedStyle(behind).backgroundColor));
    }
    ground = over(ground, rgba(matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)"));
    const [one, other] = [luminance(over(rgba(style.color), ground)), luminance(ground)];
    return (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
  }
  function rgba(told) {
    const canvas = rgba.canvas ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    rgba.known ??= {};
    if (!(told in rgba.known)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = told;
      canvas.fillRect(0, 0, 1, 1);
      const data = canvas.getImageData(0, 0, 1, 1).data;
      rgba.known[told] = [data[0], data[1], data[2], data[3] / 255];
    }
    return rgba.known[told];
  }
  function over(top, below) {
    const [alpha, rest] = [top[3], below[3] * (1 - top[3])], all = alpha + rest;
    if (!all) return [0, 0, 0, 0];
    return [0, 1, 2].map((at) => (top[at] * alpha + below[at] * rest) / all).concat(all);
  }
  function luminance(colour) {
    const [red, green, blue] = colour.map((each) => (each /= 255) <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4);
    return .2126 * red + .7152 * green + .0722 * blue;
  }
}
