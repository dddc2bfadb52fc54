"""The feedback of a student whose file cannot be loaded, or whose code raises as a known mistake does."""

from reporting_outcomes import SCREENS, TITLE

from nnedu.reporting.feedback import feedback_text


def test_why_a_file_cannot_be_loaded_is_said_once():
    """Each of its exercises says that it is so, the first one why."""
    text = feedback_text("ada", TITLE, SCREENS["broken_file"])
    assert "relu_backward  0/2  gradients.py cannot be loaded\n\n" in text
    assert "linear_backward  0/2  gradients.py cannot be loaded\n        gradients.py:12: invalid syntax\n" in text
    assert text.count("invalid syntax") == 2  # once for gradients.py, once for backprop.py, which imports it


def test_an_error_of_a_known_mistake_does_not_match_to_nine_digits():
    """It comes from it; numbers match."""
    raised = feedback_text("ada", TITLE, SCREENS["raised_by_a_mistake"])
    assert "    This is the error that comes out when dZ is used where A_prev belongs.\n" in raised
    assert "1e-9" not in raised
    assert "It matches, to 1e-9, what comes out when dZ1 is" in feedback_text("ada", TITLE, SCREENS["named_mistake"])
