package engine

// buffer holds rows that were read at once: the values of many rows in a few
// large slices, so that a row costs no allocation of its own.
type buffer struct {
	width  int
	rows   int
	chunks [][]any
	at     int // chunk being read
	from   int // place in it
	n      int // rows read from it
}

// Sizes of chunks, in rows: the first holds what most queries give.
const (
	firstChunk   = 4
	largestChunk = 4096
)

func newBuffer(width int) *buffer { return &buffer{width: width} }

// room is the place for one further row.
func (b *buffer) room() []any {
	last := len(b.chunks) - 1
	if last < 0 || len(b.chunks[last])+b.width > cap(b.chunks[last]) {
		size := firstChunk
		if last >= 0 {
			size = min(4*cap(b.chunks[last])/max(b.width, 1), largestChunk)
		}
		b.chunks = append(b.chunks, make([]any, 0, max(size*b.width, 1)))
		last++
	}
	c := b.chunks[last]
	n := len(c)
	b.chunks[last] = c[:n+b.width]
	b.rows++
	return b.chunks[last][n : n+b.width : n+b.width]
}

// left is the number of rows that were not read yet.
func (b *buffer) left() int { return b.rows - b.n }

func (b *buffer) next() ([]any, error) {
	if b.n == b.rows {
		return nil, nil
	}
	if b.from+b.width > len(b.chunks[b.at]) {
		b.chunks[b.at] = nil
		b.at++
		b.from = 0
	}
	row := b.chunks[b.at][b.from : b.from+b.width : b.from+b.width]
	b.from += b.width
	b.n++
	return row, nil
}

func (b *buffer) close() error { return nil }
