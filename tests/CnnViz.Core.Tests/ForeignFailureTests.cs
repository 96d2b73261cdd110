using System.Reflection;
using System.Runtime.InteropServices;

namespace CnnViz.Tests;

/// <summary>What failures of libraries become.</summary>
public sealed class ForeignFailureTests
{
    public static TheoryData<Exception, string> Failures => new()
    {
        { new ExternalException("Expected 3 channels\nException raised from check at Convolution.cpp:1"), "LibtorchFailed" },
        { new ExternalException("[enforce fail at alloc_cpu.cpp:119] DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes."), "OutOfMemory" },
        { new OutOfMemoryException(), "OutOfMemory" },
        { new NullReferenceException(), "UnexpectedFailure" },
        { new TargetInvocationException(new AggregateException(new CnnVizException("Own", "It is ours."))), "Own" },
        { new ArgumentException("Null character in path. (Parameter 'path')", "path"), "PathInvalid" },
        { new UnauthorizedAccessException("Access to the path '/a' is denied."), "AccessDenied" },
        { new FileNotFoundException("Could not find file '/a'."), "PathNotFound" },
        { new IOException("Input/output error", 5), "FileNotRead" },
        { new ObjectDisposedException("CnnViz.Ascent.FilterImage"), "ObjectDisposedException" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_has_an_id_one_line_and_advice(Exception exception, string id)
    {
        CnnVizException failure = ForeignFailure.Translate(exception, "/a");
        Assert.Equal(id, failure.ErrorId);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.DoesNotContain(".cpp", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Advice is not null || id == "Own");
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named_and_no_other()
    {
        string path = Path.Combine(Path.GetTempPath(), "picture.png");
        var failure = Assert.Throws<CnnVizException>(() => FileFailure.Writing(
            path, () => throw new IOException("Read-only file system : '/tmp/.123.part'", 30)));
        Assert.Equal("AccessDenied", failure.ErrorId);
        Assert.Equal(path, failure.Path);
        Assert.DoesNotContain("part", failure.Message, StringComparison.Ordinal);
    }
}
