import {say} from '../core/say.ts';

/** For a person whose run was cut short while nothing was changed. */
export const nothingChanged = say('Interrupted. Nothing was changed.', '已中断，未做任何更改。');
