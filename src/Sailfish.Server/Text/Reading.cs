namespace Sailfish.Server.Text;

/// <summary>How a text is read when words are looked for in it.</summary>
internal enum Reading
{
    /// <summary>By its letters: whatever their case, width and marks, those of other scripts as what they look like.</summary>
    Letters,

    /// <summary>By its shapes, as they are written: digits, bars and capitals, too, as what they look like.</summary>
    Shapes,
}
