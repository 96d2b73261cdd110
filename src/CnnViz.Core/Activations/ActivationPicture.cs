using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CnnViz.Activations;

/// <summary>What one image does to one filter, as a picture.</summary>
public abstract record ActivationPicture : FilterActivation
{
    [SetsRequiredMembers]
    private protected ActivationPicture(FilterActivation activation)
        : base(activation)
    {
    }

    /// <summary>
    /// The picture: height × width × 3, RGB, row by row; or height × width, grey. In PowerShell it is the property Pixels; here it is no property,
    /// or ConvertTo-Json would write it number by number.
    /// </summary>
    public byte[] GetPixels() => Pixels;

    /// <inheritdoc cref="GetPixels" />
    internal abstract byte[] Pixels { get; }

    /// <summary>Height in pixels.</summary>
    public abstract int Height { get; }

    /// <summary>Width in pixels.</summary>
    public abstract int Width { get; }

    /// <summary>3 for RGB, 1 for grey.</summary>
    internal int Channels => Pixels.Length / (Height * Width);

    /// <summary>Such as <c>139×139</c>: height, then width.</summary>
    public string Size => string.Create(CultureInfo.InvariantCulture, $"{Height}×{Width}");

    /// <inheritdoc />
    public override string ToString() => base.ToString();
}
