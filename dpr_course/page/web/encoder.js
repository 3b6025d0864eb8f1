// The forward pass of a small DistilBERT for one question: token ids to the [CLS] vector, in float32, weights in int8.

const EPSILON = 1e-12;

// The error function by W. J. Cody's rational approximations (1969); exact to the last digit of float32.
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

// y (T, o) = x (T, k) times the rows of int8 weights (o, k) times their scales (o), plus the bias (o). Four outputs at a time:
// their sums are independent, and the processor adds them side by side.
function linear(x, T, { q, s }, bias) {
  const o = s.length, k = q.length / o, y = new Float32Array(T * o);
  for (let i = 0; i + 3 < o; i += 4) {
    const w = q.subarray(i * k, i * k + 4 * k);
    for (let t = 0; t < T; t++) {
      let a = 0, b = 0, c = 0, d = 0;
      for (let j = 0, r = t * k; j < k; j++, r++) {
        const v = x[r];
        a += v * w[j];
        b += v * w[j + k];
        c += v * w[j + 2 * k];
        d += v * w[j + 3 * k];
      }
      const at = t * o + i;
      y[at] = a * s[i] + bias[i];
      y[at + 1] = b * s[i + 1] + bias[i + 1];
      y[at + 2] = c * s[i + 2] + bias[i + 2];
      y[at + 3] = d * s[i + 3] + bias[i + 3];
    }
  }
  return y;
}

// Layer norm of each row of x (T, d), in place.
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

// Attention of queries q (R, d), the first R tokens, over keys and values k, v (T, d), in h heads. Returns (R, d).
function attend(q, k, v, R, T, d, h) {
  const width = d / h, out = new Float32Array(R * d), p = new Float32Array(T), root = Math.sqrt(width);
  for (let head = 0; head < h; head++) {
    const at = head * width;
    for (let r = 0; r < R; r++) {
      let most = -Infinity, total = 0;
      for (let t = 0; t < T; t++) {
        let sum = 0;
        for (let i = 0; i < width; i++) sum += q[r * d + at + i] * k[t * d + at + i];
        p[t] = sum / root;
        most = Math.max(most, p[t]);
      }
      for (let t = 0; t < T; t++) total += p[t] = Math.exp(p[t] - most);
      for (let t = 0; t < T; t++) {
        const share = p[t] / total;
        for (let i = 0; i < width; i++) out[r * d + at + i] += share * v[t * d + at + i];
      }
    }
  }
  return out;
}

class Encoder {
  // get(name): a weight of the state dict, { q, s } for a matrix and a Float32Array for a vector.
  constructor(get, { dim, n_heads, n_layers }) {
    Object.assign(this, { dim, n_heads });
    this.words = get("embeddings.word_embeddings.weight");
    this.places = get("embeddings.position_embeddings.weight");
    const both = (name) => [get(`${name}.weight`), get(`${name}.bias`)];
    this.norm = both("embeddings.LayerNorm");
    const parts = { q: "attention.q_lin", k: "attention.k_lin", v: "attention.v_lin", out: "attention.out_lin",
      norm: "sa_layer_norm", wide: "ffn.lin1", narrow: "ffn.lin2", last: "output_layer_norm" };
    this.layers = Array.from({ length: n_layers }, (_, l) =>
      Object.fromEntries(Object.entries(parts).map(([key, name]) => [key, both(`transformer.layer.${l}.${name}`)])));
  }

  // The [CLS] vector (d) of token ids (T). The last layer is computed for the first token only.
  encode(ids) {
    const T = ids.length, d = this.dim, { words, places } = this;
    let x = new Float32Array(T * d);
    for (let t = 0; t < T; t++) {
      for (let i = 0; i < d; i++) x[t * d + i] = words.q[ids[t] * d + i] * words.s[ids[t]] + places.q[t * d + i] * places.s[t];
    }
    normalise(x, T, ...this.norm);
    this.layers.forEach((layer, l) => {
      const R = l === this.layers.length - 1 ? 1 : T, rows = x.subarray(0, R * d);
      const k = linear(x, T, ...layer.k), v = linear(x, T, ...layer.v), q = linear(rows, R, ...layer.q);
      const seen = linear(attend(q, k, v, R, T, d, this.n_heads), R, ...layer.out);
      const y = normalise(addTo(seen, rows), R, ...layer.norm);
      const wide = linear(y, R, ...layer.wide);
      for (let i = 0; i < wide.length; i++) wide[i] *= 0.5 * (1 + erf(wide[i] / Math.SQRT2)); // GELU
      x = normalise(addTo(linear(wide, R, ...layer.narrow), y), R, ...layer.last);
    });
    return x.slice(0, d);
  }
}
