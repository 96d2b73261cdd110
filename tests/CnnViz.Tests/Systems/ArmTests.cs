using System.Runtime.InteropServices;

namespace CnnViz.Tests.Systems;

/// <summary>The kernels on a processor of another kind, by an emulator.</summary>
public sealed class ArmTests
{
    private const string Emulator = "qemu-aarch64-static";

    // Debian's libraries for cross-compiling: libc6-arm64-cross and libstdc++6-arm64-cross.
    private const string Libraries = "/usr/aarch64-linux-gnu";
    private const string Runtime = "linux-arm64";

    // The products of matrices, and what is made of them; with all others it takes minutes.
    private static readonly string[] s_parts = ["ConvolutionTests", "PlanRunTests"];

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [SkippableFact]
    public void The_kernels_pass_their_tests_on_Arm()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture != Architecture.Arm64, "This machine's own tests are about that.");
        Skip.IfNot(Programs.Has(Emulator) && Directory.Exists(Libraries), $"{Emulator} is not on the path, or {Libraries} is missing.");
        string host = Path.Combine("tests", "CnnViz.TestHost");
        DotNet.Build(host, "-r", Runtime);
        string program = Path.Combine(TestFiles.Root, host, "bin", TestFiles.Configuration, "net10.0", Runtime, "CnnViz.TestHost");
        string tests = Path.Combine(TestFiles.Root, "tests", "CnnViz.Kernels.Tests", "bin", TestFiles.Configuration, "net10.0", "CnnViz.Kernels.Tests.dll");

        // Memory that is mapped twice is not the same twice in the emulator.
        using var process = new ChildProcess(Emulator, ["-L", Libraries, program, tests, .. s_parts], ("DOTNET_EnableWriteXorExecute", "0"));
        (int code, string output, string error) = process.WaitForEnd(s_limit);

        Assert.True(code == 0, output + error);
    }
}
