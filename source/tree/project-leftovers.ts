import type {Scope} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {asking, chapter, leaf, nothing} from '../core/walk.ts';
import {composeComplaint, composeInvalid} from '../diagnoses/compose-invalid.ts';
import {imageUnavailable} from '../diagnoses/image-unavailable.ts';
import {isForeign, platformMismatch} from '../diagnoses/platform-mismatch.ts';
import {blockedWords, isOldProfile, seccompBlocked} from '../diagnoses/seccomp-blocked.ts';
import {isAiling} from '../probes/ailing.ts';
import {composeFiles} from '../probes/compose-files.ts';
import {engineInfo} from '../probes/engine-info.ts';
import {imageState} from '../probes/image-state.ts';
import {canLook, isExternal, serviceNamed, services} from '../probes/looks.ts';
import {saidAtStart} from '../probes/start-looks.ts';

type ServiceScope = Scope & {subject: string};

const title = say('The project: files, variables, ports', '项目：文件、变量与端口');

/**
 * Asking Compose takes a quarter of a second, so it is asked when something points at the files: a service that they plan and that
 * has no container, a container that never started, or something that we can't read in them ourselves.
 */
const pointsAtFiles = (see: See): boolean =>
	see(composeFiles).problem !== null ||
	services(see).some(({status, startedAt}) => status === 'missing' || (status === 'created' && !startedAt));

const files = chapter<Scope>(
	{
		id: 'project',
		title,
		each: see => (canLook(see) && !isExternal(see) && pointsAtFiles(see) ? [{subject: null}] : []),
	},
	asking<Scope>()(
		say('Does Compose accept the project’s files?', 'Compose 接受项目的文件吗？'),
		see => {
			const complaint = composeComplaint(see);
			if (complaint === null) return 'yes';
			// The variable has a diagnosis of its own.
			return /required variable .* is missing a value/.test(complaint.says) ? 'blank-variable' : 'no';
		},
		{yes: nothing, 'blank-variable': nothing, no: leaf(composeInvalid)},
	),
);

const images = chapter<ServiceScope>(
	{
		id: 'project',
		title,
		// What Compose does not read it does not fetch either.
		each: see =>
			services(see).flatMap(({service, status}) =>
				status === 'missing' && composeComplaint(see) === null ? [{subject: service}] : [],
			),
	},
	asking<ServiceScope>()(
		({subject}) => say(`Is the image of ${subject} on this machine?`, `本机有 ${subject} 的镜像吗？`),
		(see, {subject}) => (see(imageState, subject).present ? 'yes' : 'no'),
		{yes: nothing, no: leaf(imageUnavailable)},
	),
);

const execFormat = /exec format error/i;

/** A program that can't be started says so in one line, or the engine does. */
const programs = chapter<ServiceScope>(
	{
		id: 'project',
		title,
		each: see =>
			services(see).flatMap(({service, status, error, startedAt}) =>
				status !== 'missing' && ((startedAt && isAiling(see, service)) || execFormat.test(error))
					? [{subject: service}]
					: [],
			),
	},
	asking<ServiceScope>()(
		({subject}) => say(`Can this machine run the program of ${subject}?`, `本机能运行 ${subject} 的程序吗？`),
		(see, {subject}) => {
			const service = serviceNamed(see, subject);
			if (execFormat.test(service?.error ?? '') || saidAtStart(see, subject, 'exec-format-error'))
				return isForeign(see, subject) ? 'other-processor' : 'something-else';
			if (!blockedWords.some(message => saidAtStart(see, subject, message))) return 'yes';
			const engine = see(engineInfo);
			const filtered =
				service?.confinement?.seccomp === 'own' ||
				(service?.confinement?.seccomp !== 'unconfined' && engine.status === 'up' && isOldProfile(engine.version));
			return filtered ? 'call-forbidden' : 'something-else';
		},
		{
			yes: nothing,
			'other-processor': leaf(platformMismatch),
			'call-forbidden': leaf(seccompBlocked),
			'something-else': nothing,
		},
	),
);

export const projectLeftovers = [files, images, programs] as const;
