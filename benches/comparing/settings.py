"""On how many threads, and with which instructions, jobs are done."""

from dataclasses import dataclass, field

# Names of instructions in the environment. OpenBLAS, the Python part of NumPy, oneDNN, MKL and PyTorch each have their own.
AVX2 = {
    "NN_CORE_SIMD": "avx2",
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "ATEN_CPU_CAPABILITY": "avx2",
}


@dataclass
class Setting:
    title: str
    # The letters of the jobs that are done, and the lines of theirs that are shown.
    jobs: list
    lines: tuple
    threads: int = 1
    # By whose peak the limit is computed; None for the highest.
    peak: str | None = None
    environment: dict = field(default_factory=dict)

    def does(self, program, job):
        return job in self.jobs and job in program.jobs and (self.peak is None or program.restrictable)


def on_threads(threads, jobs):
    """JAX takes as many threads as it may use cores, and one if it is told so."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
    environment = dict.fromkeys(names, str(threads))
    if threads == 1:
        environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        return Setting("One thread", jobs, ("a", "b", "c1", "c1000", "d", "f"), environment=environment)
    # The scores of one sample are too little work for two.
    return Setting(f"{threads} threads", jobs, ("a", "b", "c1000", "d", "f"), threads, environment=environment)


def avx2_only():
    environment = dict(on_threads(1, ["a"]).environment)
    environment["XLA_FLAGS"] += " --xla_cpu_max_isa=AVX2"
    return Setting("AVX2 only, one thread", ["a"], ("a",), peak="avx2", environment=environment | AVX2)


def chosen(threads, cores, jobs, with_avx2):
    """The settings, and remarks on what cannot be measured."""
    remarks = []
    if threads is None:
        threads = [1, cores] if cores > 1 else [1]
        if cores == 1:
            remarks.append("Several threads are not measured: there is one core")
    for count in [count for count in threads if count > cores]:
        remarks.append(f"{count} threads are not measured: there are {cores} cores")
    settings = [on_threads(count, jobs) for count in threads if count <= cores] if jobs else []
    return settings + ([avx2_only()] if with_avx2 else []), remarks if jobs else []
