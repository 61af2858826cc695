/* Tables of data, set in columns or told row by row; preformatted text. */
#include "base/text.h"
#include "import/prose_making.h"
#include "import/readable_parts.h"

enum { ROWS_MAX = 200, COLUMNS_MAX = 12, CELL_MAX = 400, PRE_BYTES_MAX = 256 << 10 };

struct grid {
	struct str cells[ROWS_MAX][COLUMNS_MAX];
	bool is_head[ROWS_MAX];
	size_t rows;
	size_t columns;
	size_t width[COLUMNS_MAX];
};

static void read_row(struct making *making, const xmlNode *row, struct grid *grid)
{
	size_t column = 0;
	bool is_head = true;

	for (const xmlNode *cell = row->children; cell; cell = cell->next) {
		struct str text;
		uint64_t span = 1;

		if (!dom_is_one(cell, "td th") || column == COLUMNS_MAX)
			continue;
		is_head &= dom_is(cell, "th");
		text = dom_line(making->arena, cell, CELL_MAX);
		grid->cells[grid->rows][column] = text;
		if (text_width(text) > grid->width[column])
			grid->width[column] = text_width(text);
		if (!str_number(dom_attribute(cell, "colspan"), COLUMNS_MAX, &span) || span == 0)
			span = 1;
		column += span;
		if (column > COLUMNS_MAX)
			column = COLUMNS_MAX;
	}
	if (column == 0)
		return;
	grid->is_head[grid->rows++] = is_head;
	if (column > grid->columns)
		grid->columns = column;
}

static void read_grid(struct making *making, const xmlNode *table, struct grid *grid)
{
	for (const xmlNode *node = dom_next(table, table); node; node = dom_next(node, table))
		if (dom_is(node, "tr") && grid->rows < ROWS_MAX)
			read_row(making, node, grid);
}

static size_t grid_width(const struct grid *grid)
{
	size_t width = 0;

	for (size_t column = 0; column < grid->columns; column++)
		width += grid->width[column] + (column ? 2 : 0);
	return width;
}

/* Numbers stand at the right of their column. */
static bool is_number(struct str cell)
{
	size_t digits = 0;

	for (size_t i = 0; i < cell.len; i++) {
		if (cell.data[i] >= '0' && cell.data[i] <= '9')
			digits++;
		else if (!memchr("+-.,%/ ", cell.data[i], 7))
			return false;
	}
	return digits > 0;
}

static void set_row(const struct grid *grid, size_t row, struct buf *out)
{
	for (size_t column = 0; column < grid->columns; column++) {
		struct str cell = grid->cells[row][column];
		size_t pad = grid->width[column] - text_width(cell);
		bool is_right = is_number(cell);

		if (column)
			buf_repeat(out, ' ', 2);
		if (is_right)
			buf_repeat(out, ' ', pad);
		buf_str(out, cell);
		if (!is_right)
			buf_repeat(out, ' ', pad);
	}
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
}

static void set_grid(struct making *making, const struct grid *grid, struct str caption)
{
	struct prose_block *block = making_block(making, PROSE_PRE);
	struct buf out;

	if (!block)
		return;
	buf_init(&out, PRE_BYTES_MAX);
	for (size_t row = 0; row < grid->rows; row++) {
		set_row(grid, row, &out);
		if (grid->is_head[row] && row + 1 < grid->rows && !grid->is_head[row + 1]) {
			buf_repeat(&out, '-', grid_width(grid));
			buf_char(&out, '\n');
		}
	}
	block->text = arena_str(making->arena, buf_view(&out));
	block->alt = caption.len ? caption : STR("Table");
	buf_done(&out);
}

/* "Port: Aldmouth; Ships: 12" */
static void tell_row(struct making *making, const struct grid *grid, size_t row)
{
	struct prose_block *block = making_block(making, PROSE_ITEM);
	struct buf out;

	if (!block)
		return;
	buf_init(&out, LINE_BYTES_MAX);
	for (size_t column = 0; column < grid->columns; column++) {
		struct str head = grid->is_head[0] ? grid->cells[0][column] : STR("");
		struct str cell = grid->cells[row][column];

		if (cell.len == 0)
			continue;
		if (out.len)
			buf_str(&out, STR("; "));
		if (head.len)
			buf_format(&out, STR_FMT ": ", STR_ARG(head));
		buf_str(&out, cell);
	}
	block->text = arena_str(making->arena, buf_view(&out));
	block->is_joined = true;
	buf_done(&out);
}

static void tell_grid(struct making *making, const struct grid *grid, struct str caption)
{
	if (caption.len) {
		making_text(making, caption);
		making_flush(making);
	}
	for (size_t row = grid->is_head[0] && grid->rows > 1; row < grid->rows; row++)
		tell_row(making, grid, row);
}

void making_table(struct making *making, const xmlNode *table)
{
	const xmlNode *caption = dom_find((xmlNode *)table, "caption");
	struct str name = caption ? dom_line(making->arena, caption, CELL_MAX) : STR("");
	struct grid *grid;

	making_flush(making);
	if (!is_data_table(table)) {
		making_children(making, table);
		making_flush(making);
		return;
	}
	grid = ARENA_NEW(making->arena, struct grid);
	read_grid(making, table, grid);
	if (grid_width(grid) <= PROSE_TABLE_COLUMNS)
		set_grid(making, grid, name);
	else
		tell_grid(making, grid, name);
}

/* The language that highlighters name in a class: "language-c", "lang-c". */
static struct str language_of(const xmlNode *node)
{
	struct str rest = dom_attribute(node, "class");
	struct str word;

	while (str_next(&rest, ' ', &word)) {
		if (str_starts(word, STR("language-")))
			return str_skip(word, 9);
		if (str_starts(word, STR("lang-")))
			return str_skip(word, 5);
	}
	return STR("");
}

static void copy_pre(const xmlNode *pre, struct buf *out)
{
	for (const xmlNode *node = dom_next(pre, pre); node; node = dom_next(node, pre)) {
		if (dom_is(node, "br"))
			buf_char(out, '\n');
		buf_str(out, dom_content(node));
	}
}

void making_pre(struct making *making, const xmlNode *pre)
{
	const xmlNode *code = dom_find((xmlNode *)pre, "code");
	struct prose_block *block;
	struct buf text;
	struct str all;

	making_flush(making);
	buf_init(&text, PRE_BYTES_MAX);
	copy_pre(pre, &text);
	all = buf_view(&text);
	while (all.len && (all.data[0] == '\n' || all.data[0] == '\r'))
		all = str_skip(all, 1);
	while (all.len && (unsigned char)all.data[all.len - 1] <= ' ')
		all.len--;
	block = all.len ? making_block(making, PROSE_PRE) : NULL;
	if (block) {
		block->text = arena_str(making->arena, all);
		block->alt = language_of(pre).len ? language_of(pre) : language_of(code);
		block->alt = arena_str(making->arena, block->alt);
	}
	buf_done(&text);
}
