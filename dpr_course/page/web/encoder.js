// The forward pass of a small DistilBERT for one question, from token ids to the [CLS] vector, in float32 with int8 weights.

const EPSILON = 1e-12;
const MOST_KEPT = 2000; // maximum number of cached tokens, 4 kB each

// Returns the error function by W. J. Cody's rational approximations (1969), exact to the last digit of float32.
function erf(x) {
  const a = Math.abs(x);
  if (a < 0.5) {
    const z = a * a;
    const p = ((-3.5609843701815385e-2 * z + 6.9963834886191355) * z + 2.1979261618294152e1) * z + 2.4266795523053175e2;
    const q = ((z + 1.5082797630407787e1) * z + 9.1164905404514901e1) * z + 2.1505887586986120e2;
    return (x * p) / q;
  }
  if (a > 4) return Math.sign(x);
  const p = ((((((-1.368648573827167067e-7 * a + 5.641955174789739711e-1) * a + 7.211758250883093659) * a + 4.316222722205673530e1) * a +
    1.529892850469404039e2) * a + 3.393208167343436870e2) * a + 4.519189537118729422e2) * a + 3.004592610201616005e2;
  const q = ((((((a + 1.278272731962942351e1) * a + 7.700015293522947295e1) * a + 2.775854447439876434e2) * a +
    6.389802644656311665e2) * a + 9.313540948506096211e2) * a + 7.909509253278980272e2) * a + 3.004592609569832933e2;
  const y = 1 - Math.exp(-a * a) * (p / q);
  return x < 0 ? -y : y;
}

// Writes to y the product of row t of x (T, k) and the rows of the int8 weights q (o, k). It computes four sums at a time, which
// the processor can add in parallel.
function oneRow(y, x, t, q, s, bias) {
  const o = s.length, k = q.length / o, from = t * k;
  for (let i = 0; i < o; i += 4) {
    const p = i * k, p1 = p + k, p2 = p1 + k, p3 = p2 + k;
    let a = 0, b = 0, c = 0, d = 0;
    for (let j = 0; j < k; j++) {
      const v = x[from + j];
      a += v * q[p + j];
      b += v * q[p1 + j];
      c += v * q[p2 + j];
      d += v * q[p3 + j];
    }
    const at = t * o + i;
    y[at] = a * s[i] + bias[i];
    y[at + 1] = b * s[i + 1] + bias[i + 1];
    y[at + 2] = c * s[i + 2] + bias[i + 2];
    y[at + 3] = d * s[i + 3] + bias[i + 3];
  }
}

// Does the same for the four rows of x from row t on, two outputs at a time, so that each number read is used in several sums.
function fourRows(y, x, t, q, s, bias) {
  const o = s.length, k = q.length / o, r = t * k, r1 = r + k, r2 = r1 + k, r3 = r2 + k;
  for (let i = 0; i < o; i += 2) {
    const p = i * k, p1 = p + k;
    let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
    for (let j = 0; j < k; j++) {
      const w = q[p + j], u = q[p1 + j];
      let v = x[r + j];
      a += v * w;
      b += v * u;
      v = x[r1 + j];
      c += v * w;
      d += v * u;
      v = x[r2 + j];
      e += v * w;
      f += v * u;
      v = x[r3 + j];
      g += v * w;
      h += v * u;
    }
    const at = t * o + i, s1 = s[i + 1], b0 = bias[i], b1 = bias[i + 1];
    y[at] = a * s[i] + b0;
    y[at + 1] = b * s1 + b1;
    y[at + o] = c * s[i] + b0;
    y[at + o + 1] = d * s1 + b1;
    y[at + 2 * o] = e * s[i] + b0;
    y[at + 2 * o + 1] = f * s1 + b1;
    y[at + 3 * o] = g * s[i] + b0;
    y[at + 3 * o + 1] = h * s1 + b1;
  }
}

// Returns y (T, o): x (T, k) times the rows of the int8 weights q (o, k), times their scales s (o), plus the bias (o).
function linear(x, T, { q, s }, bias) {
  const y = new Float32Array(T * s.length);
  let t = 0;
  for (; t + 4 <= T; t += 4) fourRows(y, x, t, q, s, bias);
  for (; t < T; t++) oneRow(y, x, t, q, s, bias);
  return y;
}

// Applies layer norm to each row of x (T, d), in place.
function normalise(x, T, gain, bias) {
  const d = gain.length;
  for (let t = 0; t < T; t++) {
    let mean = 0, variance = 0;
    for (let i = 0; i < d; i++) mean += x[t * d + i];
    mean /= d;
    for (let i = 0; i < d; i++) variance += (x[t * d + i] - mean) ** 2;
    const scale = 1 / Math.sqrt(variance / d + EPSILON);
    for (let i = 0; i < d; i++) x[t * d + i] = (x[t * d + i] - mean) * scale * gain[i] + bias[i];
  }
  return x;
}

function addTo(y, x) {
  for (let i = 0; i < y.length; i++) y[i] += x[i];
  return y;
}

// Applies softmax to p, in place.
function softmax(p) {
  let most = -Infinity, total = 0;
  for (const x of p) most = Math.max(most, x);
  for (let t = 0; t < p.length; t++) total += p[t] = Math.exp(p[t] - most);
  for (let t = 0; t < p.length; t++) p[t] /= total;
  return p;
}

// Returns the attention output (T, d) of all T tokens over each other. q, k, v: queries, keys and values (T, d), in n_heads heads.
function attend(q, k, v, T, d, n_heads) {
  const width = d / n_heads, out = new Float32Array(T * d), p = new Float32Array(T), root = Math.sqrt(width);
  for (let at = 0; at < d; at += width) {
    for (let r = 0; r < T; r++) {
      for (let t = 0; t < T; t++) {
        let sum = 0;
        for (let i = at; i < at + width; i++) sum += q[r * d + i] * k[t * d + i];
        p[t] = sum / root;
      }
      softmax(p);
      for (let t = 0; t < T; t++) {
        const share = p[t];
        for (let i = at; i < at + width; i++) out[r * d + i] += share * v[t * d + i];
      }
    }
  }
  return out;
}

// Returns the attention output (d) of the first token, whose query is q (d). It uses the tokens' inputs x (T, d) and not their keys
// and values, so the weights are applied once per head and not once per token: q · (K x) is (q K) · x, and the mean of V x is V
// times the mean of x. The bias of the keys adds the same to all logits, and softmax cancels it.
function attendFirst(q, x, T, d, n_heads, [key], [value, bias]) {
  const width = d / n_heads, out = new Float32Array(d), p = new Float32Array(T), root = Math.sqrt(width);
  for (let at = 0; at < d; at += width) {
    const asked = new Float64Array(d), mean = new Float64Array(d);
    for (let i = at; i < at + width; i++) {
      const factor = q[i] * key.s[i];
      for (let j = 0, r = i * d; j < d; j++, r++) asked[j] += factor * key.q[r];
    }
    for (let t = 0; t < T; t++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += asked[j] * x[t * d + j];
      p[t] = sum / root;
    }
    softmax(p);
    for (let t = 0; t < T; t++) {
      const share = p[t];
      for (let j = 0; j < d; j++) mean[j] += share * x[t * d + j];
    }
    for (let i = at; i < at + width; i++) {
      let sum = 0;
      for (let j = 0, r = i * d; j < d; j++, r++) sum += mean[j] * value.q[r];
      out[i] = sum * value.s[i] + bias[i];
    }
  }
  return out;
}

class Encoder {
  // get(name) returns a weight of the state dict: { q, s } for a matrix, a Float32Array for a vector.
  constructor(get, { dim, n_heads, n_layers }) {
    Object.assign(this, { dim, n_heads, kept: new Map() });
    this.words = get("embeddings.word_embeddings.weight");
    this.places = get("embeddings.position_embeddings.weight");
    const both = (name) => [get(`${name}.weight`), get(`${name}.bias`)];
    this.norm = both("embeddings.LayerNorm");
    const parts = { q: "attention.q_lin", k: "attention.k_lin", v: "attention.v_lin", out: "attention.out_lin",
      norm: "sa_layer_norm", wide: "ffn.lin1", narrow: "ffn.lin2", last: "output_layer_norm" };
    this.layers = Array.from({ length: n_layers }, (_, l) =>
      Object.fromEntries(Object.entries(parts).map(([key, name]) => [key, both(`transformer.layer.${l}.${name}`)])));
  }

  // Returns the inputs of layer 0 and their queries, keys and values, { x, q, k, v }, each (T, d). The rows of a token depend only
  // on the token and its position. They are cached, so that while a question is typed only its new tokens are computed.
  begin(ids) {
    const T = ids.length, d = this.dim, { words, places } = this, keys = ids.map((id, t) => id * 1024 + t);
    if (this.kept.size > MOST_KEPT) this.kept.clear();
    const fresh = [...keys.keys()].filter((t) => !this.kept.has(keys[t])), F = fresh.length;
    const x = new Float32Array(F * d);
    fresh.forEach((t, f) => {
      for (let i = 0; i < d; i++) x[f * d + i] = words.q[ids[t] * d + i] * words.s[ids[t]] + places.q[t * d + i] * places.s[t];
    });
    normalise(x, F, ...this.norm);
    const { q, k, v } = this.layers[0], made = { x, q: linear(x, F, ...q), k: linear(x, F, ...k), v: linear(x, F, ...v) };
    fresh.forEach((t, f) => {
      const row = Object.entries(made).map(([name, rows]) => [name, rows.slice(f * d, f * d + d)]);
      this.kept.set(keys[t], Object.fromEntries(row));
    });
    const all = { x: null, q: null, k: null, v: null };
    for (const name of Object.keys(all)) {
      all[name] = new Float32Array(T * d);
      keys.forEach((key, t) => all[name].set(this.kept.get(key)[name], t * d));
    }
    return all;
  }

  // Returns the [CLS] vector (d) of token ids (T). The last layer is computed for the first token only.
  encode(ids) {
    const T = ids.length, d = this.dim, first = this.begin(ids);
    let x = first.x;
    this.layers.forEach((layer, l) => {
      const last = l === this.layers.length - 1, R = last ? 1 : T;
      const of = (name) => (l ? linear(x, name === "q" ? R : T, ...layer[name]) : first[name]);
      const q = of("q");
      const seen = last
        ? attendFirst(q, x, T, d, this.n_heads, layer.k, layer.v)
        : attend(q, of("k"), of("v"), T, d, this.n_heads);
      const y = normalise(addTo(linear(seen, R, ...layer.out), x), R, ...layer.norm);
      const wide = linear(y, R, ...layer.wide);
      for (let i = 0; i < wide.length; i++) wide[i] *= 0.5 * (1 + erf(wide[i] / Math.SQRT2)); // GELU
      x = normalise(addTo(linear(wide, R, ...layer.narrow), y), R, ...layer.last);
    });
    return x.slice(0, d);
  }
}
