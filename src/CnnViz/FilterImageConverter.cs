using System.Management.Automation;
using CnnViz.Ascent;

namespace CnnViz;

/// <summary>Makes pictures again of what other processes send: by the bytes of their files, which are read as any file is.</summary>
public sealed class FilterImageConverter : PSTypeConverter
{
    private const string File = nameof(File);

    /// <inheritdoc />
    public override bool CanConvertFrom(PSObject sourceValue, Type destinationType) => sourceValue.Properties[File]?.Value is not null;

    /// <inheritdoc />
    public override object ConvertFrom(PSObject sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase)
    {
        // Path, start and time are not in files.
        return FilterImageFile.FromBytes(
            Value<byte[]>(sourceValue, File)!,
            Value<string?>(sourceValue, nameof(FilterImage.Path)),
            Value<string?>(sourceValue, nameof(FilterImage.InitialImage)),
            Value<TimeSpan>(sourceValue, nameof(FilterImage.Elapsed)));
    }

    /// <inheritdoc />
    public override bool CanConvertFrom(object sourceValue, Type destinationType) => false;

    /// <inheritdoc />
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new NotSupportedException();

    /// <inheritdoc />
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <inheritdoc />
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new NotSupportedException();

    private static T? Value<T>(PSObject source, string property) =>
        source.Properties[property]?.Value is { } value ? LanguagePrimitives.ConvertTo<T>(value) : default;
}
