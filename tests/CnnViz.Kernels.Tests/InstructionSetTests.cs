using System.Runtime.Intrinsics.X86;
using CnnViz.Tests;

namespace CnnViz.Kernels.Tests;

/// <summary>The same tests with AVX2, where the processor has AVX-512 too.</summary>
public sealed class InstructionSetTests
{
    private const string IsWithout = "KERNELS_WITHOUT_AVX512";

    [Fact]
    public void A_process_without_the_larger_set_has_the_smaller_one() =>
        Assert.True(KernelPlan.IsSupported && (Environment.GetEnvironmentVariable(IsWithout) is null || !Avx512F.IsSupported));

    [SkippableFact]
    public void All_of_this_passes_with_the_smaller_set()
    {
        Skip.IfNot(Avx512F.IsSupported, "This process has AVX2 alone: the other tests are about it.");
        using var process = new ChildProcess(
            "dotnet",
            [
                "test",
                typeof(InstructionSetTests).Assembly.Location,
                "--filter",
                $"FullyQualifiedName!~{nameof(All_of_this_passes_with_the_smaller_set)}",
            ],
            ("DOTNET_EnableAVX512", "0"),
            (IsWithout, "1"));
        (int code, string output, string error) = process.WaitForEnd(TimeSpan.FromMinutes(4));
        Assert.True(code == 0 && output.Contains("Passed!"), output + error);
    }
}
