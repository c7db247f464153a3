import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {Row} from '../../core/wrap.ts';
import {styleOf} from '../theme.ts';

type Props = {
	readonly rows: readonly Row[];
	readonly color: boolean;
};

/**
 * Draws rows that were wrapped to their place already, as one text: Ink never has to break or cut a line, and lays out
 * one box instead of one for each row.
 */
export function Lines({rows, color}: Props): ReactNode {
	return (
		<Text>
			{rows.map((row, line) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is nothing but its place on the screen
				<Text key={line}>
					{row.map(({text, tone}, place) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: the same
						<Text key={place} {...styleOf(tone, color)}>
							{text}
						</Text>
					))}
					{line < rows.length - 1 ? '\n' : ''}
				</Text>
			))}
		</Text>
	);
}
