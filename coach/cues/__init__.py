"""From a sentence and its neighbours to the cues of a sales call. Knows no devices, no models, no windows."""
