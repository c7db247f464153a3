import type {Fault, LabDeployment} from '../../source/lab/fault.ts';
import {faults} from '../../source/lab/faults/index.ts';
import {readMarker} from '../../source/lab/folder.ts';
import {labDown, labUp} from '../../source/lab/lab.ts';
import {withFolder} from './cli.ts';

export const faultNamed = (id: string): Fault => {
	const found = faults.find(fault => fault.id === id);
	if (!found) throw new Error(`the lab has no fault ${id}`);
	return found;
};

export type Patient = LabDeployment & {
	/** XDG_STATE_HOME for the program. */
	state: string;
	/** Every password of the deployment, old ones included: what must never be seen. */
	secrets: string[];
	env: Record<string, string>;
};

/** Starts a lab deployment, hands it over, and removes it whatever happened. */
export const withPatient = (id: string, suffix: string, use: (patient: Patient) => Promise<void>): Promise<void> =>
	withFolder(async folder => {
		const fault = faultNamed(id);
		const project = `compose-medic-lab-${id}-${suffix}`;
		const deployment = await labUp(fault, {project, directory: `${folder}/${project}`});
		let failed: {error: unknown} | null = null;
		try {
			const marker = await readMarker(deployment.directory);
			const secrets = Object.values(marker?.secrets ?? {}).filter(secret => secret.length >= 6);
			await use({...deployment, state: folder, secrets, env: {XDG_STATE_HOME: folder}});
		} catch (error) {
			failed = {error};
		}
		// What goes wrong while tidying up must not hide what went wrong before.
		await labDown(project, deployment.directory).catch(error => {
			failed ??= {error};
		});
		if (failed) throw failed.error;
	});

/** The secrets that a text holds, by position: a failing test must not print them either. */
export const leaks = (text: string, secrets: readonly string[]): number[] =>
	secrets.flatMap((secret, index) => (text.includes(secret) ? [index] : []));
