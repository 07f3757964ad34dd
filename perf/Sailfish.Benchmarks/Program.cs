using BenchmarkDotNet.Running;
using Sailfish.Benchmarks;

// dotnet run -c Release --project perf/Sailfish.Benchmarks -p:BuildPage=false -- --filter '*Framing*'
// In this process: a project generated for each benchmark would build the server, and the page with it, once more.
BenchmarkSwitcher.FromAssembly(typeof(FramingBenchmarks).Assembly).Run(["--inProcess", "--artifacts", "artifacts/benchmarks", .. args]);
