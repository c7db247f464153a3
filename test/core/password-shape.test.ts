import {expect, test} from 'vitest';
import {shapeOf} from '../../source/core/password-shape.ts';

const plain = {
	length: 5,
	carriageReturn: false,
	quoted: false,
	outerSpace: false,
	dollar: false,
	reserved: false,
	wellKnown: false,
};

test.each([
	['abcde', plain],
	['日本語ab', {...plain, reserved: true}],
	['abcd\r', {...plain, carriageReturn: true, reserved: true}],
	['"abc"', {...plain, quoted: true, reserved: true}],
	[' abcd', {...plain, outerSpace: true, reserved: true}],
	['a$bcd', {...plain, dollar: true, reserved: true}],
	['admin', {...plain, wellKnown: true}],
])('%j', (password, shape) => expect(shapeOf(password, ['admin'])).toEqual(shape));
