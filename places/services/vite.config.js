const proxy = { "/api": { target: process.env.SERVICE_URL } };

/** The page asks the service, as behind one host. Nothing here is about the packages. */
export default { server: { proxy }, preview: { proxy } };
