using Xunit.Abstractions;

namespace CnnViz.Tests;

/// <summary>The suites of tests/pester, in a real PowerShell. Each is a test here; where a file is named for the counts, its tests are counted there.</summary>
public sealed class PesterTests(PesterSession session, ITestOutputHelper output) : IClassFixture<PesterSession>
{
    private static readonly string s_folder = Path.Combine(TestFiles.Root, "tests", "pester");

    public static TheoryData<string> Suites => [.. Directory.GetFiles(s_folder, "*.Tests.ps1").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_suite_passes(string suite)
    {
        (int passed, int failed, int skipped, string log) = session.Run(Path.Combine(s_folder, suite));
        output.WriteLine(log);

        if (Environment.GetEnvironmentVariable("CNNVIZ_PESTER_COUNTS") is { } file)
        {
            File.AppendAllText(file, $"{passed} {failed} {skipped}\n");
        }

        Assert.True(failed == 0, $"{failed} tests failed.\n{log}");
        Assert.NotEqual(0, passed + skipped);
    }
}
