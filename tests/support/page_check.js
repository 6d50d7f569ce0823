// SPDX-License-Identifier: GPL-3.0-or-later
// Looks at pages in frames of several widths: what is cut, lies over another or was fetched, and whether tables sort.
function textsOf(figure, view) {
    return [...figure.querySelectorAll('text')]
        .filter(text => view.getComputedStyle(text).display !== 'none')
        .map(text => ({ words: text.textContent, box: text.getBoundingClientRect() }));
}
function overlap(a, b) {
    return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
           Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
}
function checkTexts(document, view, found) {
    const width = document.documentElement.clientWidth;
    document.querySelectorAll('svg.f').forEach(figure => {
        const texts = textsOf(figure, view);
        texts.forEach((text, i) => {
            if (text.box.left < -1 || text.box.right > width + 1)
                found.push('cut: ' + text.words);
            texts.slice(i + 1).filter(other => overlap(text.box, other.box))
                .forEach(other => found.push('over each other: ' + text.words + ' / ' + other.words));
        });
    });
    document.querySelectorAll('main *, header *').forEach(element => {
        const box = element.getBoundingClientRect();
        if (!element.closest('svg, .scroll, .vh, colgroup, template') && box.width > 0 && box.right > width + 1)
            found.push('wider than the page: ' + element.tagName + '.' + element.className);
    });
    if (document.documentElement.scrollWidth > width)
        found.push('scrolls sideways');
}
function checkSorting(document, found) {
    document.querySelectorAll('table.sortable').forEach(table => {
        const column = table.tHead.rows[0].cells.length - 1; // of numbers
        const press = () => table.tHead.rows[0].cells[column].querySelector('button').click();
        const values = () => [...table.tBodies[0].rows].map(row => row.cells[column].dataset.v)
            .filter(value => value !== '').map(Number);
        const sorted = (list, sign) => list.every((value, i) => i === 0 || sign * (value - list[i - 1]) >= 0);
        press();
        if (!sorted(values(), 1)) found.push('does not sort upwards');
        press();
        if (!sorted(values(), -1)) found.push('does not sort downwards');
    });
}
function checkFrame(frame) {
    const found = [], view = frame.contentWindow, document = frame.contentDocument;
    document.querySelectorAll('details').forEach(details => { details.open = true; });
    checkTexts(document, view, found);
    checkSorting(document, found);
    if (view.performance.getEntriesByType('resource').length > 0)
        found.push('fetches something');
    document.querySelectorAll('a[href^="#"]').forEach(link => {
        if (!document.getElementById(link.getAttribute('href').slice(1)))
            found.push('a link that leads nowhere: ' + link.getAttribute('href'));
    });
    const scheme = view.getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)' ? 'light' : 'dark';
    return ['looked at ' + frame.title + ' ' + scheme].concat([...new Set(found)].map(what => 'FOUND ' + frame.title + ': ' + what));
}
window.addEventListener('load', () => {
    const verdict = document.createElement('pre');
    verdict.textContent = [...document.querySelectorAll('iframe')].flatMap(checkFrame).join('\n');
    document.body.replaceChildren(verdict);
});
