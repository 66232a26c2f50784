// What is wrong with a hall's page as it is: scrolled, cut, small letters, short tracks.
({smallest, main, track}) => {
  const [wide, high] = [innerWidth, innerHeight], wrong = [], root = document.documentElement, room = document.getElementById('room');
  if (root.scrollHeight > high || root.scrollWidth > wide) wrong.push('the page scrolls');
  if (!room.firstChild) return ['no view yet'];
  for (const part of [room, document.body, document.querySelector('.l643-stage')])
    if (part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1) wrong.push(`${part.id || part.className} is cut`);
  const end = room.getBoundingClientRect().bottom;
  if (document.querySelector('.l643-stage').getBoundingClientRect().bottom > end + 1) wrong.push('the stage is cut');
  const picture = document.querySelector('canvas').getBoundingClientRect();
  if (picture.height < high / 4 || picture.width < wide / 3) wrong.push(`the picture is ${Math.round(picture.width)} by ${Math.round(picture.height)}`);
  for (const each of document.body.querySelectorAll('*')) {
    if (!each.checkVisibility() || each.closest('.l643-spoken, #pointer, #blank, option')) continue;
    const box = each.getBoundingClientRect(), name = `${each.tagName} ${each.className}`;
    if (box.width && (box.left < -1 || box.top < -1 || box.right > wide + 1 || box.bottom > high + 1)) wrong.push(`${name} is outside`);
    if (each.type === 'range' && box.width < track) wrong.push(`a track of ${Math.round(box.width)}`);
    const text = [...each.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join('') || (each.type === 'number' ? each.value : '');
    const size = parseFloat(getComputedStyle(each).fontSize);
    if (text && size < high / smallest - 0.01) wrong.push(`letters of ${size.toFixed(1)}: ${text}`);
  }
  if (parseFloat(getComputedStyle(document.getElementById('words')).fontSize) < high / main) wrong.push('main type is small');
  return wrong;
}
