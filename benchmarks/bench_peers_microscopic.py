"""The current of one lattice superconductor by pseudogauge, batched NumPy, pyqula and WannierBerri: error and time.

python benchmarks/bench_peers_microscopic.py --peer PYTHON [--grids 32 64 128]

``--peer`` names a Python interpreter with the peers (``pip install pyqula wannierberri``). Square lattice,
hopping 1, μ = −1.2, Rashba coupling, s-wave gap, T = 0, exchange in the plane: J = −½ Σ_k tr[∂H/∂A f(H)]. Neither
peer has this current ready. pyqula has H(k) and ∂H/∂A (of its superfluid weight), summed here on its grid with
scipy.linalg.eigh as pyqula does for other quantities. WannierBerri knows no pairing: it is given the doubled
Hamiltonian as four bands and ∂H/∂A in place of the spin, whose expectation values it tabulates.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time

import numpy as np

from pseudogauge.microscopic import LatticeSuperconductor, TightBinding, lattice_current

HOPPING, MU, RASHBA, GAP, EXCHANGE = 1.0, -1.2, 0.3, 0.2, (0.05, 0.0, 0.02)

PYQULA = """
import json, sys, time
import numpy as np, scipy.linalg as lg
from pyqula import geometry
from pyqula.sctk.superfluidweight import TwistOperators
hopping, mu, rashba, gap, exchange, n = json.loads(sys.argv[1])
h = geometry.square_lattice().get_hamiltonian()
h.add_onsite(-mu); h.add_rashba(rashba); h.add_zeeman(exchange); h.add_swave(gap)
start, twist, total = time.perf_counter(), TwistOperators(h), np.zeros(2)
for x in np.arange(n) / n:
    for y in np.arange(n) / n:
        k = [x, y, 0.0]
        e, u = lg.eigh(twist.hk(k))
        for i, a in enumerate(twist.A(k)):
            total[i] += 0.25 * np.einsum("in,ij,jn,n->", u.conj(), a, u, np.sign(e)).real
print(json.dumps([(total / n**2).tolist(), time.perf_counter() - start]))
"""
WANNIERBERRI = """
import json, logging, sys, time
logging.disable(logging.CRITICAL)
import numpy as np, wannierberri as wb
from wannierberri.calculators import tabulate
from wannierberri.fourier.rvectors import Rvectors
from wannierberri.system.system_R import System_R
hopping, mu, rashba, gap, exchange, n = json.loads(sys.argv[1])
pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
cells = np.array([[0, 0, 0], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]])
blocks = [-mu * np.eye(2)]  # particles without exchange: the hole block is minus the same
for x, y, _ in cells[1:]:
    blocks.append(hopping * np.eye(2) - 1j * rashba * (y * pauli[0] - x * pauli[1]))
system = System_R(force_internal_terms_only=True)
system.real_lattice, system.num_wann, system.spinor = np.eye(3), 4, True
system.periodic = np.array([True, True, False])
system.set_wannier_centers(wannier_centers_red=np.zeros((4, 3)))
system.rvec = Rvectors(lattice=np.eye(3), iRvec=cells, shifts_left_red=np.zeros((4, 3)), dim=2)
ham, slope = np.zeros((5, 4, 4), complex), np.zeros((5, 4, 4, 3), complex)
for cell, block in zip(cells, blocks):
    i = system.rvec.iR(cell)
    ham[i] = np.kron(np.diag([1, -1]), block)
    for a in range(2):
        slope[i, :, :, a] = np.kron(np.eye(2), 1j * cell[a] * block)
i = system.rvec.iR([0, 0, 0])
ham[i] += np.kron(np.eye(2), np.tensordot(exchange, pauli, 1)) + gap * np.kron(pauli[0], np.eye(2))
system.set_R_mat("Ham", ham); system.set_R_mat("SS", slope)
system.do_at_end_of_init()
start = time.perf_counter()
grid = wb.Grid(system, NK=[n, n, 1])
tables = tabulate.TabulatorAll({"Energy": tabulate.Energy(), "spin": tabulate.Spin()}, mode="grid")
result = wb.run(system, grid=grid, calculators={"table": tables}, use_irred_kpt=False, symmetrize=False,
                parallel=False, print_Kpoints=False)
table = result.results["table"]
e = np.asarray(table.results["Energy"].data)
s = np.asarray(table.results["spin"].data)
total = 0.25 * np.einsum("kn,kna->a", np.sign(e), s).real[:2] / len(e)
print(json.dumps([total.tolist(), time.perf_counter() - start]))
"""


def model() -> LatticeSuperconductor:
    """The same lattice: ε = 2 (cos k_x + cos k_y) − μ, 2 × 0.3 (sin k_y σ_x − sin k_x σ_y), exchange +b·σ."""
    x, y = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]])
    table = {(0, 0): np.zeros((2, 2))}
    for cell in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        table[cell] = HOPPING * np.eye(2) - 1j * RASHBA * (cell[1] * x - cell[0] * y)
    return LatticeSuperconductor(TightBinding(np.eye(2), [[0.0, 0.0]], table, mu=MU, mass=1.0), GAP)


def by_numpy(superconductor: LatticeSuperconductor, n: int) -> np.ndarray:
    """Batched eigenvectors on the whole n × n grid."""
    axis, total = 2 * np.pi * np.arange(n) / n, np.zeros(2)
    k = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
    for part in np.array_split(k, max(1, n * n // 4096)):
        e, u = np.linalg.eigh(superconductor.hamiltonian(part, -np.array(EXCHANGE)))
        vertices = superconductor.vertices(part)
        for i, name in enumerate(("Ax", "Ay")):
            mean = np.einsum("kin,kin->kn", u.conj(), vertices[(name,)] @ u).real
            total[i] += 0.25 * float(np.sum(mean * np.sign(e)))
    return total / n**2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", help="Python with pyqula and wannierberri; without it NumPy alone")
    parser.add_argument("--grids", type=int, nargs="+", default=[32, 64, 128])
    options = parser.parse_args()
    lattice, exchange = model(), -np.array(EXCHANGE)
    exact = lattice_current(lattice, exchange, (0.0, 0.0), rtol=1e-11)
    size = np.abs(exact.value).max()
    print(f"reference {exact.value} ± {exact.error:.0e}")

    def row(name: str, value: np.ndarray, seconds: float, note: str = "") -> None:
        error = np.abs(np.asarray(value) - exact.value).max() / size
        print(f"  {name:24s} error {error:.0e}  {seconds:8.3f} s  {note}", flush=True)

    for rtol in (1e-4, 1e-6, 1e-8, 1e-10):
        start = time.perf_counter()
        current = lattice_current(lattice, exchange, (0.0, 0.0), rtol=rtol)
        claimed = f"claims {current.error / size:.0e}, {current.evaluations} momenta"
        row(f"pseudogauge rtol {rtol:g}", current.value, time.perf_counter() - start, claimed)
    for n in options.grids:
        start = time.perf_counter()
        row(f"numpy {n}²", by_numpy(lattice, n), time.perf_counter() - start)
        for name, script in (("pyqula", PYQULA), ("wannierberri", WANNIERBERRI)):
            if options.peer:
                arguments = json.dumps([HOPPING, MU, RASHBA, GAP, EXCHANGE, n])
                command = [options.peer, "-W", "ignore", "-c", script, arguments]
                with tempfile.TemporaryDirectory() as folder:  # WannierBerri leaves files
                    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
                if done.returncode:
                    print(f"  {name} {n}²: {done.stderr.strip().splitlines()[-1]}")
                else:
                    row(f"{name} {n}²", *json.loads(done.stdout.strip().splitlines()[-1]))


if __name__ == "__main__":
    main()
