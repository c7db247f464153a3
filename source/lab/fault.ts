import type {Text} from '../core/say.ts';
import type {LabStage} from './stage.ts';

export type Expectation = {id: string; service?: string};

/** A throwaway deployment as data: how it comes to be, and what a doctor should find in it. */
export type Fault = {
	id: string;
	/** `healthy` and `trap` have nothing wrong, the latter looks as if; `double` has two causes at once. */
	kind: 'fault' | 'healthy' | 'trap' | 'double';
	stack: 'dify' | 'generic';
	title: Text;
	/** Root causes in causal order. */
	expects: readonly Expectation[];
	/** From nothing to the finished, settled state. */
	provoke(lab: LabStage): Promise<void>;
};

/** Keeps the literal types of a fault while checking its shape. */
export const fault = (fault: Fault): Fault => fault;

export type LabDeployment = {project: string; directory: string; fault: string};
