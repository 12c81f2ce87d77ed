# Thin: every recipe is a command you could type. README.md has the same for Windows.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SITE := .venv-site

.DEFAULT_GOAL := run
.PHONY: run test lab notebooks course lock clean tfjs site

run: $(VENV)/installed tfjs       ## lab 05 on bundled digits, saved and checked in every runtime
	$(BIN)/labs run 05 --profile quick

test: $(VENV)/installed tfjs      ## lint, all tests, all notebooks (quick profile)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest tests -n 2 --dist loadfile --ignore tests/test_site_browser.py
	$(BIN)/python -m pytest tests/test_site_browser.py  # alone: a page's answer is waited for
	rm -rf executed/nbval && mkdir -p executed/nbval && cp -r notebooks/*.ipynb saved_models executed/nbval/  # saved_models/ itself stays as it is
	cd executed/nbval && LABS_PROFILE=quick TF_CPP_MIN_LOG_LEVEL=3 \
	  ../../$(BIN)/python -m pytest --nbval-lax --nbval-cell-timeout=600 --timeout=900 -n 2 --dist loadfile -q .

lab: $(VENV)/installed            ## JupyterLab, with a kernel that finds everything
	$(BIN)/python -m ipykernel install --prefix $(VENV) --name python3 --display-name "Vision Labs"
	$(BIN)/jupyter lab --notebook-dir notebooks

notebooks: $(VENV)/installed      ## build and execute every notebook, full profile (LABS_DATA or a network)
	$(BIN)/python tools/build_notebooks.py --execute

course: $(VENV)/installed         ## the graded assignments as nbgrader courses: course/ and course_ko/ (docs/teaching.md)
	$(BIN)/python tools/build_course.py
	$(BIN)/python tools/build_course.py --language ko

site: $(VENV)/installed $(SITE)/installed   ## the lessons and the saved models as a static web site in site/ (docs/site.md)
	$(SITE)/bin/python tools/build_lessons.py --out executed/lessons
	$(BIN)/labs site --lessons executed/lessons

lock:                             ## requirements*.txt from requirements*.in (needs uv)
	uv pip compile --universal --python-version 3.10 --no-annotate --no-header requirements.in -o requirements.txt
	uv pip compile --universal --python-version 3.10 --no-annotate --no-header requirements-site.in -o requirements-site.txt
	uv pip compile --universal --python-version 3.10 --no-annotate --no-header requirements-ocr.in -o requirements-ocr.txt

clean:
	rm -rf $(VENV) $(SITE) executed build dist *.egg-info .pytest_cache .ruff_cache .hypothesis

# TensorFlow.js, once; without npm that row of the table says what is missing.
tfjs: $(VENV)/installed
	@if command -v npm >/dev/null; then $(BIN)/labs fetch tfjs >/dev/null; \
	else echo "No npm: TensorFlow.js will not be checked (install Node.js 18 or later)."; fi

$(VENV)/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))" || \
	  { echo "$(PYTHON) is not Python 3.10, 3.11 or 3.12: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c "import ensurepip" 2>/dev/null || \
	  { echo "Python cannot make environments: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(SITE)/installed: requirements-site.txt
	$(PYTHON) -m venv $(SITE)
	$(SITE)/bin/python -m pip install --quiet --requirement requirements-site.txt
	@touch $@
