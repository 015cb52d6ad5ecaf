// What TypeScript looks for at `import "@babylon/admin-react/styles.css"`: the import is there for its effect alone.
export {};
