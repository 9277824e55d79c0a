import { type EventExposure, type Exposures, isLeft } from '../commands/exposure/exposure.ts';
import { ownerText } from '../commands/people/work-list.ts';
import { oneLine } from '../text/printable.ts';
import { aligned } from './table.ts';
import { placeOf } from './work-list-text.ts';

/** How much is shown. */
interface Extent {
  /** What was changed, or need not be, too. */
  readonly isAll: boolean;
  /** Keys were used. */
  readonly proves: boolean;
}

/** What got known, event by event, and what is left to be changed. */
export function exposureText({ exposures, isShallow }: Exposures, extent: Extent): string {
  const blocks = exposures.map((one) => eventText(one, extent));
  const lines = [
    ...(exposures.length === 0
      ? ['nobody has left, and nothing has leaked, as far as .sotto/exposure.yaml tells']
      : []),
    ...(isShallow ? ['the history of this clone is cut off: there may be more'] : []),
    ...(!extent.proves &&
    exposures.some(({ items }) => items.some((one) => isLeft(one) && one.state === 'unproven'))
      ? ['unproven: encrypted anew, and without a key nobody can tell whether it is another value (--prove)']
      : []),
  ];
  return [...blocks, lines.map((line) => `${line}\n`).join('')].filter((block) => block !== '').join('\n');
}

function eventText({ event, items }: EventExposure, { isAll }: Extent): string {
  const open = items.filter(isLeft);
  const when = event.at === undefined ? '' : ` ${event.at.slice(0, 10)}`;
  const why = event.why === undefined ? '' : ` (${event.why})`;
  const what =
    event.kind === 'leak'
      ? `${event.id} leaked${when}${why}; ${open.length} of ${items.length} values are not known to be changed`
      : event.at === undefined
        ? `${event.id} can read, or could, ${items.length} values; ${open.length} are not known to be changed since`
        : `${event.id} left${when}${why}; ${open.length} of ${items.length} values that ${event.id} could read are not known to be changed`;
  const shown = isAll ? items : open;
  const rows = shown.map((one) => [
    one.file,
    placeOf(one),
    ownerText(one) ?? '',
    one.waiver === undefined ? one.state : `waived: ${one.waiver.why}`,
    `could be read since ${one.readableSince.slice(0, 10)}`,
    ...(one.opened === undefined ? [] : [`opened ${one.opened.slice(0, 10)}`]),
  ]);
  return [
    oneLine(what),
    ...aligned(
      rows.map((row) => row.map(oneLine)),
      '  ',
    ).map((row) => `  ${row}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
