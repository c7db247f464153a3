import type {LabStage} from '../stage.ts';

/** Runs a shell on the database's volume, with no server on it. */
export const onVolume = (lab: LabStage, script: string): Promise<string> =>
	lab.compose('run', '--rm', '--no-deps', '--entrypoint', 'bash', 'db', '-c', script);
