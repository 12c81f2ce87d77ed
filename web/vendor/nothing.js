// face-api would import every backend; the pages choose one themselves.
export {};
