"""What a screen reader reads out by itself: a script that notes it."""

SPOKEN = """() => {
  const live = '[role="status"], [role="alert"], [aria-live]';
  window.spoken = [];
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest(live);
      const added = [...addedNodes].filter((node) => node.matches?.(live) || node.querySelector?.(live));
      if (region || added.length) window.spoken.push((region ?? added[0]).textContent.trim());
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
"""Notes it in ``window.spoken``, region by region."""
