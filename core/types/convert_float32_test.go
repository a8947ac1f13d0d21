package types

import "testing"

func TestFloat32IsReadAsItIsWritten(t *testing.T) {
	for v, want := range map[float32]string{2.25: "2.25", 0.1: "0.1", -3e7: "-30000000"} {
		if d, ok := DecimalOf(v); !ok || d.Text() != want {
			t.Errorf("%v: %s", v, d.Text())
		}
	}
	if f, err := ReadFloat(float32(0.1)); f != 0.1 || err != nil {
		t.Error(f, err)
	}
}
