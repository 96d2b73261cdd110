namespace CnnViz;

/// <summary>A failure that the user can do something about: one sentence, a stable id, and advice.</summary>
public class CnnVizException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="errorId">A stable identifier, in PascalCase, that scripts can test for.</param>
    /// <param name="message">One sentence that says what is wrong and names the thing.</param>
    /// <param name="advice">What the user can do, or null.</param>
    /// <param name="inner">The cause, or null.</param>
    public CnnVizException(string errorId, string message, string? advice = null, Exception? inner = null)
        : base(message, inner)
    {
        ErrorId = errorId;
        Advice = advice;
    }

    /// <summary>A stable identifier of the failure, such as <c>UnsupportedOperator</c>.</summary>
    public string ErrorId { get; }

    /// <summary>What the user can do about it, or null.</summary>
    public string? Advice { get; }

    /// <summary>The file or folder that it is about, where that is one that the user has named; or null.</summary>
    public string? Path { get; init; }

    /// <summary>Lines that belong to the message, such as a table; or null.</summary>
    public string? Details { get; init; }
}

/// <summary>A model file that cannot be read: foreign, truncated, unsupported or not an image model.</summary>
public sealed class ModelFormatException(string errorId, string message, string? advice = null, Exception? inner = null)
    : CnnVizException(errorId, message, advice, inner);

/// <summary>An image size that a layer cannot take.</summary>
public sealed class ImageSizeException(string errorId, string message, string? advice = null, Exception? inner = null)
    : CnnVizException(errorId, message, advice, inner);

/// <summary>A native library that is missing or that this system cannot load.</summary>
public class NativeLibraryException(string message, string? advice = null, Exception? inner = null, string errorId = "NativeLibraryNotLoaded")
    : CnnVizException(errorId, message, advice, inner);

/// <summary>libtorch has not been installed yet; from then on it can be loaded.</summary>
public sealed class RuntimeMissingException(string message, string? advice = null)
    : NativeLibraryException(message, advice, errorId: "RuntimeNotInstalled");
