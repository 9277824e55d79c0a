import fc from 'fast-check';

/**
 * fast-check, for laws that do not hold of every input by chance: what a law says nothing of is told with `fc.pre`, and
 * another input is tried in its place. A law fails when it says nothing of more than half of them, so that it can't pass
 * for nothing; where that has to be more, `maxSkipsPerRun` beside the law says how many there may be for each that is
 * tested.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), maxSkipsPerRun: 1 });

export default fc;
