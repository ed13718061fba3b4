/**
 * A script for the page: each control that does not stand within the window, or that is too small to hit. WCAG 2.2, 2.5.8
 * asks for 24 by 24 px, but of links within a sentence; what is written beside a box can be pressed as well as the box.
 */
export const OUT_OF_REACH = `
(() => {
  const controls = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')
  return [...controls].flatMap((control) => {
    if (!control.checkVisibility() || control.closest('.ds-skip-link')) return []
    const boxes = [control, ...(control.labels ?? [])].map((one) => one.getBoundingClientRect())
    const what = control.localName + ' “' + (control.textContent.trim() || control.id).slice(0, 30) + '”'
    const isWithin = boxes.every(({ left, right }) => left >= 0 && right <= innerWidth + 1)
    const isWord = control.localName === 'a' && getComputedStyle(control).display === 'inline'
    const isLarge = isWord || boxes.some(({ width, height }) => width >= 24 && height >= 24)
    return [...(isWithin ? [] : [what + ' does not stand in the window']), ...(isLarge ? [] : [what + ' is too small'])]
  })
})()`
