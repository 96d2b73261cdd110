using System.Runtime.Intrinsics.X86;
using CnnViz.Tests;

namespace CnnViz.Kernels.Tests;

/// <summary>The same tests with smaller sets of instructions than the processor has.</summary>
public sealed class InstructionSetTests
{
    private const string Without = "KERNELS_WITHOUT";

    [Fact]
    public void A_process_without_a_set_does_without_it() => Assert.True(KernelPlan.IsSupported && Environment.GetEnvironmentVariable(Without) switch
    {
        "AVX512" => Avx2.IsSupported && !Avx512F.IsSupported,
        "AVX2" => !Avx2.IsSupported,
        _ => true,
    });

    // Vectors of four, without AVX2, are what runs on Arm; only whether they round once or twice differs.
    [SkippableTheory]
    [InlineData("AVX512")]
    [InlineData("AVX2")]
    public void All_of_this_passes_without_a_set(string set)
    {
        Skip.IfNot(set == "AVX512" ? Avx512F.IsSupported : Avx2.IsSupported, "This process does without it: the other tests are about that.");
        using var process = new ChildProcess(
            "dotnet",
            [
                "test",
                typeof(InstructionSetTests).Assembly.Location,
                "--filter",
                $"FullyQualifiedName!~{nameof(All_of_this_passes_without_a_set)}",
            ],
            ($"DOTNET_Enable{set}", "0"),
            (Without, set));
        (int code, string output, string error) = process.WaitForEnd(TimeSpan.FromMinutes(4));
        Assert.True(code == 0 && output.Contains("Passed!"), output + error);
    }
}
