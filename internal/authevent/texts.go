package authevent

// readTexts reads the texts of p in the line, once: their members become
// values, and a template that fits names the event.
func (d *decoder) readTexts(p *compiled) {
	if d.texts == p {
		return
	}
	d.texts, d.event = p, ""
	for i := range p.keyValues {
		t := &p.keyValues[i]
		if d.values[t.slot].kind == text {
			s, _ := d.text(t.slot)
			d.keyValues(s, &t.keys)
		}
	}
	d.fit(p.templates)
}

// setInner notes a text inside another one.
func (d *decoder) setInner(slot int, s string) {
	d.values[slot] = value{start: int32(len(d.inner)), kind: text, inner: true}
	d.noted.add(slot)
	d.inner = append(d.inner, s)
}
